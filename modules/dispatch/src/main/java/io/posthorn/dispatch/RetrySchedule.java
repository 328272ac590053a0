package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.RetryPolicy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The pauses between the attempts of a delivery: the endpoint's own policy or the configured one. */
final class RetrySchedule {
    private final RetryPolicy byDefault;
    private final RandomGenerator random;

    RetrySchedule(RetryPolicy byDefault, RandomGenerator random) {
        this.byDefault = byDefault;
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

    private static long saturatedMillis(Duration duration) {
        return duration.toSeconds() > Long.MAX_VALUE / 2000 ? Long.MAX_VALUE / 2 : duration.toMillis();
    }
}
