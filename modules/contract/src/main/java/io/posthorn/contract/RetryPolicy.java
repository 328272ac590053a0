package io.posthorn.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a failed delivery is tried again.
 *
 * @param delays the pauses before the second, third, ... attempt; as many as there are retries
 * @param jitter the share by which each pause is spread to both sides, 0 to 0.5
 */
public record RetryPolicy(List<Duration> delays, double jitter) {
    /** The most retries a policy may have. */
    public static final int MAX_RETRIES = 100;

    /** The example schedule of Standard Webhooks 1.0: 10 attempts over 75 h 35 min. */
    public static final RetryPolicy STANDARD = new RetryPolicy(
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24)),
            0.2);

    public RetryPolicy {
        delays = Copies.list(delays);
        if (delays.size() > MAX_RETRIES) {
            throw new IllegalArgumentException("at most " + MAX_RETRIES + " retries: " + delays.size());
        }
        if (delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("a pause is negative: " + delays);
        }
        if (!(jitter >= 0 && jitter <= 0.5)) {
            throw new IllegalArgumentException("jitter must be 0 to 0.5: " + jitter);
        }
    }

    /**
     * Pauses that grow by a factor up to the longest.
     *
     * @param first the pause before the second attempt
     * @param factor at least 1
     * @param longest where they stop growing
     * @param retries how many there are, 0 to {@value #MAX_RETRIES}
     */
    public static RetryPolicy exponential(Duration first, double factor, Duration longest, int retries, double jitter) {
        if (!(factor >= 1)) {
            throw new IllegalArgumentException("factor must be >= 1: " + factor);
        }
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < Math.min(retries, MAX_RETRIES + 1); i++) {
            // A double that is too large becomes infinite, not negative.
            double millis = first.toMillis() * Math.pow(factor, i);
            delays.add(millis < longest.toMillis() ? Duration.ofMillis(Math.round(millis)) : longest);
        }
        return new RetryPolicy(delays, jitter);
    }
}
