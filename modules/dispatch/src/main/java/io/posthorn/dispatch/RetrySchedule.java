package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The pauses between the attempts of a delivery: the endpoint's own policy or the configured one. */
final class RetrySchedule {
    private static final Duration EXPONENTIAL_BASE = Duration.ofSeconds(1);
    private static final Duration DEFAULT_LONGEST = Duration.ofMinutes(5);
    private static final int DEFAULT_RETRIES = 3;

    private final RetryPolicy byDefault;
    private final RandomGenerator random;

    RetrySchedule(DispatchConfig config, RandomGenerator random) {
        this.byDefault = new RetryPolicy(delays(config), config.jitter());
        this.random = random;
    }

    /**
     * The pause after a failed attempt, spread by the policy's jitter, at least 1 ms; null when the policy has ended.
     *
     * @param attempt the number of the attempt that failed, from 1
     */
    @Nullable
    Duration pauseAfter(Endpoint endpoint, int attempt) {
        @Nullable RetryPolicy own = endpoint.sending().retryPolicy();
        RetryPolicy policy = own == null ? byDefault : own;
        if (attempt > policy.delays().size()) {
            return null;
        }
        double spread = 1 + policy.jitter() * (2 * random.nextDouble() - 1);
        // A cast of a double saturates, so that a pause of ages stays one.
        long millis = (long) (saturatedMillis(policy.delays().get(Math.max(0, attempt - 1))) * spread);
        return Duration.ofMillis(Math.max(1, Math.min(millis, Long.MAX_VALUE / 4_000_000)));
    }

    private static List<Duration> delays(DispatchConfig config) {
        if (!config.retrySchedule().isEmpty()) {
            return config.retrySchedule();
        }
        if (config.retryCount() == null && config.maxRetryDelay() == null) {
            return RetryPolicy.STANDARD.delays();
        }
        int retries = config.retryCount() == null ? DEFAULT_RETRIES : config.retryCount();
        Duration longest = config.maxRetryDelay() == null ? DEFAULT_LONGEST : config.maxRetryDelay();
        List<Duration> delays = new ArrayList<>();
        Duration delay = EXPONENTIAL_BASE;
        for (int i = 0; i < Math.min(retries, RetryPolicy.MAX_RETRIES); i++) {
            delay = delay.compareTo(longest) < 0 ? delay : longest;
            delays.add(delay);
            delay = delay.multipliedBy(2);
        }
        return delays;
    }

    private static long saturatedMillis(Duration duration) {
        return duration.toSeconds() > Long.MAX_VALUE / 2000 ? Long.MAX_VALUE / 2 : duration.toMillis();
    }
}
