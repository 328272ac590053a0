package io.posthorn.config;

import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a failed delivery is tried again, where its endpoint does not say so itself. */
public record RetryConfig(
        @Setting(
                env = "WEBHOOK_RETRY_SCHEDULE",
                key = "dispatch.retrySchedule",
                doc = "The pauses before each retry, comma-separated; empty: the exponential or standard schedule.")
        List<Duration> schedule,

        @Setting(
                env = "WEBHOOK_DEFAULT_RETRY_COUNT",
                key = "dispatch.retryCount",
                doc = "Retries of the exponential schedule; unset: the standard schedule.")
        @Nullable
        Integer count,

        @Setting(
                env = "WEBHOOK_MAX_RETRY_DELAY",
                key = "dispatch.maxRetryDelay",
                doc = "The longest pause of the exponential schedule.")
        @Nullable
        Duration maxDelay,

        @Setting(
                env = "WEBHOOK_DISPATCH_JITTER",
                key = "dispatch.jitter",
                doc = "The share by which a pause is spread, 0 to 0.5.")
        double jitter,

        @Setting(
                env = "WEBHOOK_RETRY_MAX_AGE",
                key = "dispatch.retryMaxAge",
                doc =
                        "How long after its message was accepted a delivery may be tried again; unset: as long as the schedule goes.")
        @Nullable
        Duration maxAge,

        @Setting(
                env = "WEBHOOK_RETRY_FINAL_STATUSES",
                key = "dispatch.retryFinalStatuses",
                doc = "The status codes after which a delivery is not tried again, comma-separated.")
        List<Integer> finalStatuses) {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(31);
    private static final Duration EXPONENTIAL_BASE = Duration.ofSeconds(1);
    private static final double EXPONENTIAL_FACTOR = 2;
    private static final Duration DEFAULT_LONGEST = Duration.ofMinutes(5);
    private static final int DEFAULT_RETRIES = 3;

    public RetryConfig {
        schedule = List.copyOf(schedule);
        finalStatuses = List.copyOf(finalStatuses);
        new Bounds()
                .size("dispatch.retrySchedule", schedule, RetryPolicy.MAX_RETRIES)
                .between("dispatch.retryCount", count, 0, RetryPolicy.MAX_RETRIES)
                .positive("dispatch.maxRetryDelay", maxDelay, LONGEST_PAUSE)
                .share("dispatch.jitter", jitter, 0, 0.5)
                .require(
                        maxAge == null
                                || (maxAge.compareTo(Duration.ofSeconds(1)) >= 0
                                        && maxAge.compareTo(Sending.MAX_AGE) <= 0),
                        "dispatch.retryMaxAge",
                        maxAge == null ? "unset" : DurationText.format(maxAge),
                        "1s to " + DurationText.format(Sending.MAX_AGE))
                .size("dispatch.retryFinalStatuses", finalStatuses, Sending.MAX_STATUSES)
                .each(
                        "dispatch.retryFinalStatuses",
                        finalStatuses,
                        status -> status >= Sending.LOWEST_STATUS && status <= Sending.HIGHEST_STATUS,
                        String::valueOf,
                        "entries of " + Sending.LOWEST_STATUS + " to " + Sending.HIGHEST_STATUS)
                .each(
                        "dispatch.retrySchedule",
                        schedule,
                        pause -> !pause.isNegative() && pause.compareTo(LONGEST_PAUSE) <= 0,
                        DurationText::format,
                        "entries of 0s to " + DurationText.format(LONGEST_PAUSE))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static RetryConfig defaults() {
        return new RetryConfig(List.of(), null, null, 0.2, null, List.of());
    }

    /** The pauses: the schedule, else exponential ones where a count or a longest pause is set, else the standard ones. */
    public RetryPolicy policy() {
        if (!schedule.isEmpty()) {
            return new RetryPolicy(schedule, jitter);
        }
        if (count == null && maxDelay == null) {
            return new RetryPolicy(RetryPolicy.STANDARD.delays(), jitter);
        }
        return RetryPolicy.exponential(
                EXPONENTIAL_BASE,
                EXPONENTIAL_FACTOR,
                maxDelay == null ? DEFAULT_LONGEST : maxDelay,
                count == null ? DEFAULT_RETRIES : count,
                jitter);
    }

    /**
     * How a node with these settings sends to an endpoint that has no wishes of its own.
     *
     * @return with every part but the maximum age, which is null where there is none
     */
    public Sending sending(DispatchConfig dispatch) {
        return new Sending(
                policy(),
                maxAge,
                Set.copyOf(finalStatuses),
                dispatch.timeout(),
                dispatch.maxInFlightPerEndpoint(),
                null,
                null,
                null);
    }
}
