package io.posthorn.ingestion;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads and writes endpoints, in the shapes of both generations of the client libraries. */
final class EndpointJson {
    private static final int MAX_RATE = 65_535;
    private static final int MAX_PAUSE_SECONDS = (int) Duration.ofDays(30).toSeconds();

    /** The share by which pauses are spread where an endpoint has pauses of its own and says nothing of it. */
    static final double JITTER = 0.2;

    private EndpointJson() {}

    /** A new endpoint from a whole body. */
    static Endpoint create(Fields fields, ApplicationId application, @Nullable String uidOfPath, Instant now) {
        String uid = fields.text("uid");
        String given = fields.text("secret");
        if (given != null && !SigningKeys.isValid(given)) {
            fields.invalid("secret", "expected whsec_ and 24 to 75 bytes, or whsk_ and 64 bytes, in base64");
        }
        Secret key = given == null ? SigningKeys.generate() : new Secret(given);
        checkVersion(fields);
        Endpoint endpoint = new Endpoint(
                EndpointId.at(now.toEpochMilli()),
                application,
                uid == null ? uidOfPath : uid,
                fields.requiredText("url"),
                fields.textOr("description", ""),
                rate(fields),
                fields.flagOr("disabled", false),
                eventTypes(fields),
                channels(fields),
                fields.textMap("metadata"),
                fields.textMap("headers"),
                List.of(new EndpointSecret(key, null)),
                sending(fields, Sending.AS_CONFIGURED),
                null,
                now,
                now,
                0);
        fields.end();
        return endpoint;
    }

    /**
     * The endpoint with everything replaced by a whole body, but what has its own path (keys, headers) or is not of
     * the original API (the retry schedule, the policy, the throttle): those stay when the body says nothing of them.
     */
    static Endpoint replace(Fields fields, Endpoint old, @Nullable String keptUid, Instant now) {
        String uid = fields.text("uid");
        checkVersion(fields);
        return changed(
                fields,
                old,
                uid == null ? keptUid : uid,
                fields.requiredText("url"),
                fields.textOr("description", ""),
                rate(fields),
                fields.flagOr("disabled", false),
                eventTypes(fields),
                channels(fields),
                fields.textMap("metadata"),
                now);
    }

    /** The endpoint with the fields that are there changed. */
    static Endpoint patch(Fields fields, Endpoint old, Instant now) {
        checkVersion(fields);
        return changed(
                fields,
                old,
                fields.has("uid") ? fields.text("uid") : old.uid(),
                fields.textOr("url", old.url()),
                fields.textOr("description", old.description()),
                fields.has("throttleRate", "rateLimit") ? rate(fields) : old.throttleRate(),
                fields.flagOr("disabled", old.disabled()),
                fields.has("eventTypes", "filterTypes") ? eventTypes(fields) : old.eventTypes(),
                fields.has("channels") ? channels(fields) : old.channels(),
                fields.has("metadata") ? fields.textMap("metadata") : old.metadata(),
                now);
    }

    private static Endpoint changed(
            Fields fields,
            Endpoint old,
            @Nullable String uid,
            String url,
            String description,
            @Nullable Integer throttleRate,
            boolean disabled,
            @Nullable Set<String> eventTypes,
            @Nullable Set<String> channels,
            Map<String, String> metadata,
            Instant now) {
        Endpoint changed = new Endpoint(
                old.id(),
                old.application(),
                uid,
                url,
                description,
                throttleRate,
                disabled,
                eventTypes,
                channels,
                metadata,
                fields.has("headers") ? fields.textMap("headers") : old.headers(),
                old.secrets(),
                sending(fields, old.sending()),
                old.disabled() && !disabled ? null : old.failingSince(),
                old.createdAt(),
                now,
                old.version());
        fields.end();
        return changed;
    }

    private static @Nullable Integer rate(Fields fields) {
        return fields.integer(fields.named("throttleRate", "rateLimit"), 1, MAX_RATE);
    }

    private static @Nullable Set<String> eventTypes(Fields fields) {
        return filled(fields, fields.named("eventTypes", "filterTypes"));
    }

    private static @Nullable Set<String> channels(Fields fields) {
        return filled(fields, "channels");
    }

    private static @Nullable Set<String> filled(Fields fields, String name) {
        Set<String> values = fields.texts(name);
        if (values != null && values.isEmpty()) {
            fields.invalid(name, "expected at least one item, or null for all");
        }
        return values;
    }

    private static void checkVersion(Fields fields) {
        Integer ignored = fields.integer("version", 1, MAX_RATE);
        if (ignored == null && fields.has("version")) {
            fields.end();
        }
    }

    /** With what the body says; the rest stays. */
    private static Sending sending(Fields fields, Sending old) {
        Sending sending = old;
        if (fields.has("retrySchedule")) {
            sending = sending.withRetryPolicy(retryPolicy(fields));
        }
        if (fields.has("throttle")) {
            sending = sending.withThrottle(ThrottleJson.read(fields));
        }
        return sending;
    }

    private static @Nullable RetryPolicy retryPolicy(Fields fields) {
        List<Integer> seconds = fields.numbers("retrySchedule", RetryPolicy.MAX_RETRIES, 0, MAX_PAUSE_SECONDS);
        return seconds == null
                ? null
                : new RetryPolicy(seconds.stream().map(Duration::ofSeconds).toList(), JITTER);
    }

    static JsonObject write(Endpoint endpoint) {
        JsonObject json = new JsonObject()
                .put("id", endpoint.id().value())
                .put("uid", endpoint.uid())
                .put("url", endpoint.url())
                .put("description", endpoint.description())
                .put("version", 1)
                .put("disabled", endpoint.disabled())
                .put("throttleRate", endpoint.throttleRate())
                .put("rateLimit", endpoint.throttleRate())
                .put("eventTypes", sorted(endpoint.eventTypes()))
                .put("filterTypes", sorted(endpoint.eventTypes()))
                .put("channels", sorted(endpoint.channels()))
                .put("metadata", new JsonObject(new TreeMap<>(endpoint.metadata())))
                .put("createdAt", endpoint.createdAt().toString())
                .put("updatedAt", endpoint.updatedAt().toString());
        RetryPolicy policy = endpoint.sending().retryPolicy();
        if (policy != null) {
            json.put(
                    "retrySchedule",
                    new JsonArray(
                            policy.delays().stream().map(Duration::toSeconds).toList()));
        }
        ThrottleJson.write(endpoint.sending().throttle(), json);
        return json;
    }

    private static @Nullable JsonArray sorted(@Nullable Set<String> texts) {
        return texts == null ? null : new JsonArray(List.copyOf(new TreeSet<>(texts)));
    }
}
