package io.posthorn.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How deliveries are sent. */
public record DispatchConfig(
        @Setting(
                env = "WEBHOOK_MAX_WORKERS",
                key = "dispatch.maxInFlight",
                doc = "How many attempts are in flight on this node.")
        int maxInFlight,

        @Setting(
                env = "WEBHOOK_DISPATCH_MAX_PER_ENDPOINT",
                key = "dispatch.maxInFlightPerEndpoint",
                doc = "How many attempts to one endpoint are in flight at most, on all nodes together.")
        int maxInFlightPerEndpoint,

        @Setting(
                env = "WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT",
                key = "dispatch.firstInFlightPerEndpoint",
                doc = "How many attempts to one endpoint are in flight until its answers let in more or fewer.")
        int firstInFlightPerEndpoint,

        @Setting(env = "WEBHOOK_DISPATCH_INSTANCES", key = "dispatch.instances", doc = "How many event loops send.")
        int instances,

        @Setting(
                env = "WEBHOOK_DEFAULT_TIMEOUT",
                key = "dispatch.timeout",
                doc = "The total time of one attempt, from look-up to the end of the answer.")
        Duration timeout,

        @Setting(
                env = "WEBHOOK_DISPATCH_CONNECT_TIMEOUT",
                key = "dispatch.connectTimeout",
                doc = "The time to connect, TLS included.")
        Duration connectTimeout,

        @Setting(
                env = "WEBHOOK_DISPATCH_MAX_RESPONSE_BYTES",
                key = "dispatch.maxResponseBytes",
                doc = "How much of a response body is read and kept.")
        int maxResponseBytes,

        @Setting(
                env = "WEBHOOK_RETRY_SCHEDULE",
                key = "dispatch.retrySchedule",
                doc = "The pauses before each retry, comma-separated; empty: the exponential or standard schedule.")
        List<Duration> retrySchedule,

        @Setting(
                env = "WEBHOOK_DEFAULT_RETRY_COUNT",
                key = "dispatch.retryCount",
                doc = "Retries of the exponential schedule; unset: the standard schedule.")
        @Nullable
        Integer retryCount,

        @Setting(
                env = "WEBHOOK_MAX_RETRY_DELAY",
                key = "dispatch.maxRetryDelay",
                doc = "The longest pause of the exponential schedule.")
        @Nullable
        Duration maxRetryDelay,

        @Setting(
                env = "WEBHOOK_DISPATCH_JITTER",
                key = "dispatch.jitter",
                doc = "The share by which a pause is spread, 0 to 0.5.")
        double jitter,

        @Setting(
                env = "WEBHOOK_DISPATCH_MAX_RETRY_AFTER",
                key = "dispatch.maxRetryAfter",
                doc = "The longest pause that a receiver can ask for.")
        Duration maxRetryAfter,

        @Setting(
                env = "WEBHOOK_DISPATCH_BUSY_PENALTY",
                key = "dispatch.busyPenalty",
                doc = "The pause of an endpoint whose receiver is overloaded and names none.")
        Duration busyPenalty,

        @Setting(
                env = "WEBHOOK_DISPATCH_DISABLE_AFTER",
                key = "dispatch.disableAfter",
                doc = "How long an endpoint may fail without a success before it is disabled.")
        Duration disableAfter,

        @Setting(
                env = "WEBHOOK_DISPATCH_DRAIN_TIMEOUT",
                key = "dispatch.drainTimeout",
                doc = "How long a stopping node waits for attempts in flight.")
        Duration drainTimeout) {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(31);

    public DispatchConfig {
        retrySchedule = List.copyOf(retrySchedule);
        new Bounds()
                .between("dispatch.maxInFlight", maxInFlight, 1, 100_000)
                .between("dispatch.maxInFlightPerEndpoint", maxInFlightPerEndpoint, 1, 100_000)
                .between("dispatch.firstInFlightPerEndpoint", firstInFlightPerEndpoint, 1, 100_000)
                .between("dispatch.instances", instances, 1, 256)
                .positive("dispatch.timeout", timeout, Duration.ofMinutes(10))
                .positive("dispatch.connectTimeout", connectTimeout, Duration.ofMinutes(10))
                .between("dispatch.maxResponseBytes", maxResponseBytes, 0, 16 * 1024 * 1024)
                .size("dispatch.retrySchedule", retrySchedule, 100)
                .between("dispatch.retryCount", retryCount, 0, 100)
                .positive("dispatch.maxRetryDelay", maxRetryDelay, LONGEST_PAUSE)
                .share("dispatch.jitter", jitter, 0, 0.5)
                .positive("dispatch.maxRetryAfter", maxRetryAfter, LONGEST_PAUSE)
                .positive("dispatch.busyPenalty", busyPenalty, LONGEST_PAUSE)
                .positive("dispatch.disableAfter", disableAfter, Duration.ofDays(3650))
                .positive("dispatch.drainTimeout", drainTimeout, Duration.ofHours(1))
                .each(
                        "dispatch.retrySchedule",
                        retrySchedule,
                        pause -> !pause.isNegative() && pause.compareTo(LONGEST_PAUSE) <= 0,
                        DurationText::format,
                        "entries of 0s to " + DurationText.format(LONGEST_PAUSE))
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static DispatchConfig defaults() {
        return new DispatchConfig(
                512,
                128,
                8,
                2,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                16 * 1024,
                List.of(),
                null,
                null,
                0.2,
                Duration.ofHours(24),
                Duration.ofSeconds(60),
                Duration.ofHours(120),
                Duration.ofSeconds(35));
    }
}
