package io.posthorn.benchmarks.load;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Says when the requests of an open loop are due: evenly spaced, on a thread of its own, looked at every 200
 * microseconds. A request that is told late keeps its moment.
 */
final class Pacer implements Runnable {
    private static final long LOOK_NANOS = 200_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final List<LoadVerticle> loops;
    private final double distanceNanos;
    private final long endNanos;
    private final long most;
    private final long beginNanos = System.nanoTime();

    Pacer(List<LoadVerticle> loops, LoadJob job) {
        this.loops = loops;
        this.distanceNanos = 1e9 / job.rate();
        this.endNanos = beginNanos + job.millis() * NANOS_PER_MILLI;
        this.most = job.count() == 0 ? Long.MAX_VALUE : job.count();
    }

    @Override
    public void run() {
        long told = 0;
        for (long now = beginNanos; told < most && now - endNanos < 0; now = System.nanoTime()) {
            long due = Math.min(most, (long) ((now - beginNanos) / distanceNanos) + 1);
            told = tell(told, due);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Each loop gets every n-th request. */
    private long tell(long told, long due) {
        int n = loops.size();
        for (int i = 0; i < n && told + i < due; i++) {
            int count = (int) ((due - told - i + n - 1) / n);
            long first = beginNanos + (long) ((told + i) * distanceNanos);
            loops.get((int) ((told + i) % n)).due(first, distanceNanos * n, count);
        }
        return Math.max(told, due);
    }
}
