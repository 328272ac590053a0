package io.posthorn.ingestion;

import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads and writes the policy of an endpoint. Times are in seconds. */
final class EndpointPolicyJson {
    /** Nothing of its own. */
    static final UnaryOperator<Sending> NONE = with(null, null, null, null, null);

    private static final int MAX_PAUSE_SECONDS = (int) Duration.ofDays(30).toSeconds();
    private static final int MAX_AGE_SECONDS = (int) Sending.MAX_AGE.toSeconds();
    private static final int MAX_TIMEOUT_SECONDS = (int) Sending.MAX_TIMEOUT.toSeconds();
    private static final double MAX_FACTOR = 10;
    private static final double MAX_JITTER = 0.5;

    private EndpointPolicyJson() {}

    /** The change that a body asks for; it replaces the policy and nothing else of how an endpoint is sent to. */
    static UnaryOperator<Sending> read(Fields fields) {
        @Nullable Double jitter = fields.number("jitter", 0, MAX_JITTER);
        @Nullable RetryPolicy retries = retries(fields, jitter == null ? EndpointJson.JITTER : jitter);
        if (retries == null && jitter != null) {
            fields.invalid("jitter", "expected delays or exponential beside it");
        }
        @Nullable Integer maxAge = fields.integer("maxAgeSeconds", 1, MAX_AGE_SECONDS);
        @Nullable Integer timeout = fields.integer("timeoutSeconds", 1, MAX_TIMEOUT_SECONDS);
        @Nullable Integer maxInFlight = fields.integer("maxInFlight", 1, Sending.MAX_IN_FLIGHT);
        @Nullable
        List<Integer> statuses =
                fields.numbers("finalStatuses", Sending.MAX_STATUSES, Sending.LOWEST_STATUS, Sending.HIGHEST_STATUS);
        fields.end();
        return with(
                retries,
                maxAge == null ? null : Duration.ofSeconds(maxAge),
                statuses == null ? null : Set.copyOf(statuses),
                timeout == null ? null : Duration.ofSeconds(timeout),
                maxInFlight);
    }

    private static UnaryOperator<Sending> with(
            @Nullable RetryPolicy retries,
            @Nullable Duration maxAge,
            @Nullable Set<Integer> statuses,
            @Nullable Duration timeout,
            @Nullable Integer maxInFlight) {
        return sending -> sending.withRetryPolicy(retries)
                .withMaxAge(maxAge)
                .withFinalStatuses(statuses)
                .withTimeout(timeout)
                .withMaxInFlight(maxInFlight);
    }

    private static @Nullable RetryPolicy retries(Fields fields, double jitter) {
        @Nullable List<Integer> delays = fields.numbers("delays", RetryPolicy.MAX_RETRIES, 0, MAX_PAUSE_SECONDS);
        @Nullable JsonObject exponential = fields.object("exponential");
        if (exponential == null) {
            return delays == null
                    ? null
                    : new RetryPolicy(delays.stream().map(Duration::ofSeconds).toList(), jitter);
        }
        if (delays != null) {
            fields.invalid("exponential", "expected either delays or exponential, not both");
        }
        Fields inner = new Fields(exponential);
        int first = inner.requiredInteger("first", 1, MAX_PAUSE_SECONDS);
        int longest = inner.requiredInteger("max", 1, MAX_PAUSE_SECONDS);
        int attempts = inner.requiredInteger("attempts", 1, RetryPolicy.MAX_RETRIES + 1);
        @Nullable Double factor = inner.number("factor", 1, MAX_FACTOR);
        fields.takeOver("exponential", inner);
        return wholeSeconds(RetryPolicy.exponential(
                Duration.ofSeconds(first),
                factor == null ? 2 : factor,
                Duration.ofSeconds(longest),
                attempts - 1,
                jitter));
    }

    /** So that what is shown of it can be sent back. */
    private static RetryPolicy wholeSeconds(RetryPolicy policy) {
        return new RetryPolicy(
                policy.delays().stream()
                        .map(delay -> Duration.ofSeconds(Math.round(delay.toMillis() / 1000.0)))
                        .toList(),
                policy.jitter());
    }

    /** What is in force, and whose each part is. */
    static JsonObject write(Sending own, Sending byDefault) {
        @Nullable RetryPolicy retries = own.retryPolicy() == null ? byDefault.retryPolicy() : own.retryPolicy();
        @Nullable Duration maxAge = own.maxAge() == null ? byDefault.maxAge() : own.maxAge();
        @Nullable Set<Integer> statuses = own.finalStatuses() == null ? byDefault.finalStatuses() : own.finalStatuses();
        JsonObject sources = new JsonObject()
                .put("delays", source(own.retryPolicy()))
                .put("jitter", source(own.retryPolicy()))
                .put("maxAgeSeconds", source(own.maxAge()))
                .put("timeoutSeconds", source(own.timeout()))
                .put("maxInFlight", source(own.maxInFlight()))
                .put("finalStatuses", source(own.finalStatuses()));
        return new JsonObject()
                .put("delays", retries == null ? new JsonArray() : seconds(retries.delays()))
                .put("jitter", retries == null ? 0 : retries.jitter())
                .put("maxAgeSeconds", maxAge == null ? null : seconds(maxAge))
                .put("timeoutSeconds", seconds(least(own.timeout(), byDefault.timeout(), Sending.MAX_TIMEOUT)))
                .put("maxInFlight", least(own.maxInFlight(), byDefault.maxInFlight(), Sending.MAX_IN_FLIGHT))
                .put("finalStatuses", new JsonArray(List.copyOf(new TreeSet<>(statuses == null ? Set.of() : statuses))))
                .put("sources", sources);
    }

    private static String source(@Nullable Object own) {
        return own == null ? "node" : "endpoint";
    }

    /** The node's own is the most that an endpoint can have. */
    private static <T extends Comparable<T>> T least(@Nullable T own, @Nullable T node, T otherwise) {
        T most = node == null ? otherwise : node;
        return own == null || own.compareTo(most) > 0 ? most : own;
    }

    private static JsonArray seconds(List<Duration> pauses) {
        return new JsonArray(pauses.stream().map(EndpointPolicyJson::seconds).toList());
    }

    /** A whole number where it is one. */
    private static Number seconds(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 == 0) {
            return millis / 1000;
        }
        return millis / 1000.0;
    }
}
