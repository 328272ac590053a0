package io.posthorn.benchmarks.run;

import java.util.Map;

/**
 * What was used of the processors between two readings.
 *
 * @param seconds between them
 * @param micros by process number
 * @param othersShare of a core, used by processes that have nothing to do with the measurement
 * @param stolenShare of a core, kept by the hypervisor
 */
record CpuUse(double seconds, Map<Long, Double> micros, double othersShare, double stolenShare) {
    private static final double MOST = 0.1;
    private static final double TICKS_PER_SECOND = 100;

    static CpuUse between(CpuReading from, CpuReading to) {
        Map<Long, Double> micros = new java.util.HashMap<>();
        long own = 0;
        for (Map.Entry<Long, Long> one : to.ownTicks().entrySet()) {
            long ticks = one.getValue() - from.ownTicks().getOrDefault(one.getKey(), 0L);
            own += ticks;
            micros.put(one.getKey(), ticks * CpuReading.MICROS_PER_TICK);
        }
        double seconds = (to.nanos() - from.nanos()) / 1e9;
        long others = to.busyTicks() - from.busyTicks() - own - (to.kernelTicks() - from.kernelTicks());
        return new CpuUse(
                seconds,
                micros,
                Math.max(0, others) / TICKS_PER_SECOND / seconds,
                (to.stolenTicks() - from.stolenTicks()) / TICKS_PER_SECOND / seconds);
    }

    /** Whether others took so much that the figures mean little. */
    boolean disturbed() {
        return othersShare + stolenShare > MOST;
    }

    double of(long process) {
        return micros.getOrDefault(process, 0.0);
    }
}
