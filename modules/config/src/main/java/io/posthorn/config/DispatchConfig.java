package io.posthorn.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
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
        Duration drainTimeout,

        @Setting(
                env = "WEBHOOK_OPERATIONAL_APPLICATION",
                key = "dispatch.operationalApplication",
                doc =
                        "The uid or id of the application, of the default organisation, that gets operational webhooks; unset: none.")
        @Nullable
        String operationalApplication,

        @Setting(
                env = "WEBHOOK_DISPATCH_HEADERS",
                key = "dispatch.headers",
                doc =
                        "Headers that are sent along with each delivery, as name: value, comma-separated; an endpoint's own header of the same name goes before.")
        List<SourceHeader> headers) {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(31);
    private static final int MAX_HEADERS = 20;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final Pattern OPERATIONAL = Pattern.compile("[a-zA-Z0-9._-]{1,256}");

    public DispatchConfig {
        headers = List.copyOf(headers);
        new Bounds()
                .between("dispatch.maxInFlight", maxInFlight, 1, 100_000)
                .between("dispatch.maxInFlightPerEndpoint", maxInFlightPerEndpoint, 1, 100_000)
                .between("dispatch.firstInFlightPerEndpoint", firstInFlightPerEndpoint, 1, 100_000)
                .between("dispatch.instances", instances, 1, 256)
                .positive("dispatch.timeout", timeout, Duration.ofMinutes(10))
                .positive("dispatch.connectTimeout", connectTimeout, Duration.ofMinutes(10))
                .between("dispatch.maxResponseBytes", maxResponseBytes, 0, 16 * 1024 * 1024)
                .positive("dispatch.maxRetryAfter", maxRetryAfter, LONGEST_PAUSE)
                .positive("dispatch.busyPenalty", busyPenalty, LONGEST_PAUSE)
                .positive("dispatch.disableAfter", disableAfter, Duration.ofDays(3650))
                .positive("dispatch.drainTimeout", drainTimeout, Duration.ofHours(1))
                .require(
                        operationalApplication == null
                                || OPERATIONAL.matcher(operationalApplication).matches(),
                        "dispatch.operationalApplication",
                        String.valueOf(operationalApplication),
                        "the uid or id of an application: 1 to 256 of a-z A-Z 0-9 - _ .")
                .size("dispatch.headers", headers, MAX_HEADERS)
                .each("dispatch.headers", headers, SourceHeader::isValid, SourceHeader::toString, SourceHeader.EXPECTED)
                .require(
                        bytesOf(headers) <= MAX_HEADER_BYTES,
                        "dispatch.headers",
                        bytesOf(headers) + " bytes",
                        "at most " + MAX_HEADER_BYTES + " bytes")
                .require(
                        SourceHeader.areDistinct(headers),
                        "dispatch.headers",
                        headers.toString(),
                        "each name once, in whatever case")
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
                Duration.ofHours(24),
                Duration.ofSeconds(60),
                Duration.ofHours(120),
                Duration.ofSeconds(35),
                null,
                List.of());
    }

    /** As they stand in a request, with colon, blank and the end of the line. */
    private static int bytesOf(List<SourceHeader> headers) {
        return headers.stream()
                .mapToInt(header ->
                        header.name().length() + header.value().value().length() + 4)
                .sum();
    }
}
