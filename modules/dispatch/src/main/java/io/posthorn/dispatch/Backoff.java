package io.posthorn.dispatch;

import java.util.random.RandomGenerator;

/** Pauses between tries of the same request: 20 ms doubling up to one second, each drawn from its upper half. */
final class Backoff {
    private static final long FIRST_MILLIS = 20;
    private static final long LONGEST_MILLIS = 1000;

    private final RandomGenerator random;
    private long millis = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The next pause in milliseconds. */
    long nextMillis() {
        long pause = millis / 2 + random.nextLong(millis / 2 + 1);
        millis = Math.min(LONGEST_MILLIS, millis * 2);
        return pause;
    }

    /** It worked: the next pause is short again. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}
