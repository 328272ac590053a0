package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessorLoadTest {
    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.NEGATIVE_INFINITY})
    void whatJavaDoesNotKnowIsUnknown(double told) {
        assertThat(new ProcessorLoad(() -> told).getAsDouble()).isNaN();
    }

    @Test
    void isAShareAndNeverMoreThanAll() {
        assertThat(new ProcessorLoad(() -> 0.25).getAsDouble()).isEqualTo(0.25);
        assertThat(new ProcessorLoad(() -> 0).getAsDouble()).isZero();
        assertThat(new ProcessorLoad(() -> 1.02).getAsDouble()).isEqualTo(1);
    }

    @Test
    void thisMachineTellsOnceAWhileHasPassedInWhichItWorked() {
        // Given
        ProcessorLoad machine = ProcessorLoad.ofMachine();
        double first = machine.getAsDouble();

        // When: one processor works for a tenth of a second
        long end = System.nanoTime() + 100_000_000L;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }

        // Then
        assertThat(first)
                .satisfiesAnyOf(
                        load -> assertThat(load).isBetween(0.0, 1.0),
                        load -> assertThat(load).isNaN());
        assertThat(machine.getAsDouble()).isGreaterThan(0).isLessThanOrEqualTo(1);
    }
}
