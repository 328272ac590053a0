package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CpuUseTest {
    private static final long SECOND = 1_000_000_000;
    private static final Offset<Double> EXACT = Offset.offset(1e-9);

    @Test
    void whatIsNeitherOursNorTheKernelsIsOthers() {
        // Given: two seconds in which 250 of 300 ticks were ours and 20 the kernel's
        CpuReading from = new CpuReading(0, 1_000, 0, Map.of(1L, 100L, 2L, 50L), 10);
        CpuReading to = new CpuReading(2 * SECOND, 1_300, 0, Map.of(1L, 300L, 2L, 100L), 30);

        // When
        CpuUse use = CpuUse.between(from, to);

        // Then
        assertThat(use.of(1)).isEqualTo(2_000_000, EXACT);
        assertThat(use.of(2)).isEqualTo(500_000, EXACT);
        assertThat(use.othersShare()).isEqualTo(0.15, EXACT);
        assertThat(use.disturbed()).isTrue();
    }

    @Test
    void aTenthOfACoreDoesNotDisturb() {
        CpuReading from = new CpuReading(0, 1_000, 0, Map.of(), 0);

        assertThat(CpuUse.between(from, new CpuReading(SECOND, 1_010, 0, Map.of(), 0))
                        .disturbed())
                .isFalse();
        assertThat(CpuUse.between(from, new CpuReading(SECOND, 1_011, 0, Map.of(), 0))
                        .disturbed())
                .isTrue();
    }

    @Test
    void whatTheHypervisorKeepsDisturbsToo() {
        CpuReading from = new CpuReading(0, 1_000, 5, Map.of(), 0);

        assertThat(CpuUse.between(from, new CpuReading(SECOND, 1_000, 25, Map.of(), 0))
                        .disturbed())
                .isTrue();
    }

    @Test
    void readsThisProcessAndNoneForOneThatIsGone() throws Exception {
        long self = ProcessHandle.current().pid();
        long gone = Long.MAX_VALUE;

        CpuReading reading = CpuReading.of(List.of(self, gone));

        assertThat(reading.ownTicks().get(self)).isPositive();
        assertThat(reading.ownTicks().get(gone)).isZero();
        assertThat(reading.busyTicks())
                .isGreaterThanOrEqualTo(reading.ownTicks().get(self));
    }
}
