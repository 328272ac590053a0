package io.posthorn.storage.api;

import io.posthorn.contract.Throttle;

/**
 * How much of a limit is used: permits taken fill a bucket as deep as the burst, and it drains at the rate of the limit. Same
 * as the generic cell rate algorithm (ITU-T I.371), but kept in permits, so that what was used stays used when the
 * limit changes. In any span no more go than a burst and what drains in it; over a long time the rate is the limit.
 *
 * @param used permits not free again at {@code at}, with fractions
 * @param at in milliseconds of the store's clock; while that shows less, nothing drains
 */
public record Level(double used, long at) {
    /** Nothing was used. */
    public static final Level EMPTY = new Level(0, 0);

    /** The longest that a queue waits for its application, and the turns of its endpoints are spread over, in ms. */
    public static final long APPLICATION_PAUSE_MILLIS = 1_000;

    /** How much time a sensible batch is worth. */
    private static final double BATCH_MILLIS = 100;

    /** What fractions may be off by. */
    private static final double EPSILON = 1e-6;

    /** As it is by then. A lower burst counts as used up at most, so that nobody waits longer than a burst takes. */
    public Level drained(long now, Throttle limit) {
        long elapsed = Math.max(0, now - at);
        double left = Math.max(0, used - elapsed * limit.perMilli());
        return new Level(Math.min(left, limit.burst()), Math.max(now, at));
    }

    /** How many permits are free. */
    public int free(Throttle limit) {
        return (int) Math.max(0, Math.floor(limit.burst() - used + EPSILON));
    }

    /** With so many more taken, of those that are free. */
    public Level take(int permits) {
        return new Level(used + permits, at);
    }

    /** After how many milliseconds so many are free; 0 when they are. */
    public long millisUntil(int permits, Throttle limit) {
        double missing = used + permits - limit.burst();
        return missing <= EPSILON ? 0 : (long) Math.ceil(missing / limit.perMilli() - EPSILON);
    }

    /** The batch worth waiting for: about 100 ms worth, at least one, at most the burst. */
    public static int batch(Throttle limit) {
        return (int) Math.max(1, Math.min(limit.burst(), Math.floor(BATCH_MILLIS * limit.perMilli())));
    }
}
