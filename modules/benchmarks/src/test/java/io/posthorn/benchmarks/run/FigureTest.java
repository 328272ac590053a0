package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.Figure.Better;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void aShareReachesItsGoalFromAbove() {
        assertThat(Figure.of("share", "", Better.HIGHER, List.of(0.4)).goal(0.4).reached())
                .contains(true);
        assertThat(Figure.of("share", "", Better.HIGHER, List.of(0.39))
                        .goal(0.4)
                        .reached())
                .contains(false);
    }

    @Test
    void aLatencyReachesItsGoalFromBelow() {
        assertThat(Figure.of("p99", "x", Better.LOWER, List.of(6.0)).goal(6).reached())
                .contains(true);
        assertThat(Figure.of("p99", "x", Better.LOWER, List.of(6.1)).goal(6).reached())
                .contains(false);
    }

    @Test
    void whatWasNotMeasuredReachesNothing() {
        assertThat(Figure.of("p99", "x", Better.LOWER, List.of()).goal(6).reached())
                .contains(false);
    }

    @Test
    void withoutAGoalNothingIsSaid() {
        assertThat(Figure.of("rss", "MiB", Better.LOWER, List.of(1.0)).reached())
                .isEmpty();
    }
}
