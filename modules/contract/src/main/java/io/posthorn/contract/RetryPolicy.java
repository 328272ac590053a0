package io.posthorn.contract;

import java.time.Duration;
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
}
