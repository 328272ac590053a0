package io.posthorn.contract;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit on deliveries: so many in each window over a long time, and so many at once after a pause.
 *
 * @param permits deliveries a window, 1 to {@value #MAX_PERMITS}
 * @param window longer than nothing, at most {@link #MAX_WINDOW}
 * @param burst the most at once, 1 to {@value #MAX_PERMITS}; no window sees more than burst and permits together
 */
public record Throttle(int permits, Duration window, int burst) {
    /** The most permits of a window, and the largest burst. */
    public static final int MAX_PERMITS = 1_000_000_000;

    /** The longest window. */
    public static final Duration MAX_WINDOW = Duration.ofDays(31);

    private static final double NANOS_PER_MILLI = 1e6;

    public Throttle {
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new IllegalArgumentException("permits must be 1 to " + MAX_PERMITS + ": " + permits);
        }
        if (window.isNegative() || window.isZero() || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("window must be > 0 and at most " + MAX_WINDOW + ": " + window);
        }
        if (burst < 1 || burst > MAX_PERMITS) {
            throw new IllegalArgumentException("burst must be 1 to " + MAX_PERMITS + ": " + burst);
        }
    }

    /** That many a window, and as many at once. */
    public static Throttle of(int permits, Duration window) {
        return new Throttle(permits, window, permits);
    }

    /** That many a second; null for null. */
    public static @Nullable Throttle perSecond(@Nullable Integer permits) {
        return permits == null ? null : of(permits, Duration.ofSeconds(1));
    }

    /** How many permits come back in a millisecond. */
    public double perMilli() {
        return permits / (window.toNanos() / NANOS_PER_MILLI);
    }
}
