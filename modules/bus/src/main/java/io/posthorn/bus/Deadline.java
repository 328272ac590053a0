package io.posthorn.bus;

import java.time.Duration;

/**
 * The moment after which nobody waits for an answer any more. Between processes it travels as the time left, so that
 * their clocks need not agree.
 */
public final class Deadline {
    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The moment that far from now. */
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    static Deadline afterMillis(long millis) {
        return new Deadline(System.nanoTime() + millis * 1_000_000L);
    }

    /** Milliseconds left, never negative. */
    public long remainingMillis() {
        return Math.max(0, (nanoTime - System.nanoTime()) / 1_000_000L);
    }

    /** Whether it has passed. */
    public boolean isPast() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /**
     * The deadline for a request made on behalf of this one: a twentieth of the time left earlier, at least 1 ms, so
     * that this side can still answer when the other does not.
     */
    public Deadline forNested() {
        long left = Math.max(0, nanoTime - System.nanoTime());
        return new Deadline(nanoTime - Math.max(1_000_000L, left / 20));
    }
}
