package io.posthorn.ratelimit;

import java.time.Duration;

/**
 * The generic cell rate algorithm (ITU-T I.371, virtual scheduling) for permits taken in batches: {@code limit} permits a
 * window, and a burst of {@code limit} after a pause. No window sees more than one burst and one window's refill, so less
 * than twice the limit; over a long time the rate is the limit.
 *
 * <p>State is one number, the theoretical arrival time: when all permits are free again, in nanoseconds since 1970.
 * Immutable; times stay far from overflow because the window is capped.
 */
record Gcra(long intervalNanos, int limit) {
    /** How much time a sensible batch is worth. */
    private static final long BATCH_NANOS = 100_000_000L;

    private static final Duration LONGEST_WINDOW = Duration.ofDays(365);

    /** That many permits, at least 1, in each window, which is cut at a year. */
    static Gcra of(int limit, Duration window) {
        long nanos = window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW.toNanos() : Math.max(1, window.toNanos());
        return new Gcra(Math.max(1, (nanos + limit - 1) / limit), limit);
    }

    /** How far ahead of now the arrival time can be: what the whole burst is worth. */
    long burstNanos() {
        return intervalNanos * limit;
    }

    /** How many of the wanted permits are free. */
    int grant(long arrival, long now, int wanted) {
        long free = (now + burstNanos() - sane(arrival, now)) / intervalNanos;
        return (int) Math.max(0, Math.min(free, wanted));
    }

    /** The arrival time after that many permits were taken. */
    long take(long arrival, long now, int taken) {
        return sane(arrival, now) + taken * intervalNanos;
    }

    /** The batch worth waiting for: about 100 ms worth, at least one, at most the limit. */
    int batch() {
        return (int) Math.max(1, Math.min(limit, BATCH_NANOS / intervalNanos));
    }

    /** When that many are free; not before now. */
    long freeAt(long arrival, long now, int permits) {
        return Math.max(now, sane(arrival, now) + permits * intervalNanos - burstNanos());
    }

    /** How many permits are in use. */
    int used(long arrival, long now) {
        return (int) Math.min(limit, (sane(arrival, now) - now + intervalNanos - 1) / intervalNanos);
    }

    /** Not before now, and after a clock went back no further ahead than a burst, so that nobody waits for longer. */
    private long sane(long arrival, long now) {
        return Math.min(Math.max(arrival, now), now + burstNanos());
    }
}
