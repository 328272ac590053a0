package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theMedianIsTheMiddleOne() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
        assertThat(Statistics.median(List.of(4.0))).isEqualTo(4);
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Statistics.median(List.of(8.0, 1.0, 4.0, 2.0))).isEqualTo(3);
    }

    @Test
    void nothingHasNoMedianAndNoRange() {
        assertThat(Statistics.median(List.of())).isNaN();
        assertThat(Statistics.smallest(List.of())).isNaN();
        assertThat(Statistics.largest(List.of())).isNaN();
    }

    @Test
    void theRangeGoesFromTheSmallestToTheLargest() {
        assertThat(Statistics.smallest(List.of(3.0, 1.0, 2.0))).isEqualTo(1);
        assertThat(Statistics.largest(List.of(3.0, 1.0, 2.0))).isEqualTo(3);
    }

    @Test
    void measurementsAgreeUpToTheShareOfTheLargerOne() {
        assertThat(Statistics.agree(100, 95, 0.05)).isTrue();
        assertThat(Statistics.agree(95, 100, 0.05)).isTrue();
        assertThat(Statistics.agree(100, 94.9, 0.05)).isFalse();
        assertThat(Statistics.agree(94.9, 100, 0.05)).isFalse();
    }

    @Test
    void aMeasurementThatGaveNothingAgreesWithNone() {
        assertThat(Statistics.agree(Double.NaN, 100, 0.05)).isFalse();
    }
}
