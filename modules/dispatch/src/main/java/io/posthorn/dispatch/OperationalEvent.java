package io.posthorn.dispatch;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that Posthorn tells of itself, in the shape of Svix's operational webhooks where those have it.
 *
 * @param eventId made of what it tells of, so that telling it twice stores it once
 * @param subject the application that it is about
 * @param data without the application's own name, which is looked up where it is sent
 */
record OperationalEvent(String type, String eventId, ApplicationId subject, JsonObject data) {
    static final String ENDPOINT_DISABLED = "endpoint.disabled";
    static final String ATTEMPT_FAILING = "message.attempt.failing";
    static final String ATTEMPT_RECOVERED = "message.attempt.recovered";
    static final String ATTEMPT_EXHAUSTED = "message.attempt.exhausted";
    static final String CIRCUIT_OPENED = "endpoint.circuit.opened";
    static final String CIRCUIT_CLOSED = "endpoint.circuit.closed";

    /** An attempt that says something about its delivery: one of the three types of attempts. */
    static OperationalEvent ofAttempt(String type, ClaimedDelivery delivery, Attempt attempt) {
        String kind = type.substring(type.lastIndexOf('.') + 1);
        String eventId = delivery.key().message().value() + "."
                + delivery.key().endpoint().value() + "." + kind + "." + attempt.number();
        JsonObject data = about(delivery.endpoint())
                .put("msgId", delivery.key().message().value())
                .put("msgEventId", delivery.message().eventId())
                .put(
                        "lastAttempt",
                        new JsonObject()
                                .put("id", attempt.id().value())
                                .put("responseStatusCode", attempt.statusCode())
                                .put("timestamp", attempt.startedAt().toString()));
        return new OperationalEvent(type, eventId, delivery.key().application(), data);
    }

    /** The circuit of an endpoint has become another. */
    static OperationalEvent ofCircuit(Endpoint endpoint, Circuit circuit) {
        String state = circuit.isOpen() ? "opened" : "closed";
        @Nullable Instant until = circuit.until();
        JsonObject data = about(endpoint)
                .put("reason", circuit.reason())
                .put("since", circuit.since().toString())
                .put("openings", circuit.openings())
                .put("nextProbeAt", until == null ? null : until.toString());
        return new OperationalEvent(
                circuit.isOpen() ? CIRCUIT_OPENED : CIRCUIT_CLOSED,
                endpoint.id().value() + ".circuit." + circuit.version() + "." + state,
                endpoint.application(),
                data);
    }

    /**
     * An endpoint is about to be disabled.
     *
     * @param current as it stands: when somebody changed it last names the event, since marking it as failing changes that
     *     not, and enabling it does
     */
    static OperationalEvent ofDisabling(Endpoint current, Instant now) {
        Instant since = current.failingSince() == null ? now : current.failingSince();
        return new OperationalEvent(
                ENDPOINT_DISABLED,
                current.id().value() + ".disabled." + current.updatedAt().toEpochMilli(),
                current.application(),
                about(current).put("failSince", since.toString()).put("trigger", "automatic"));
    }

    private static JsonObject about(Endpoint endpoint) {
        return new JsonObject()
                .put("appId", endpoint.application().value())
                .put("endpointId", endpoint.id().value())
                .put("endpointUid", endpoint.uid());
    }

    /** What is delivered. */
    Buffer payload(@Nullable String applicationUid) {
        return new JsonObject()
                .put("type", type)
                .put("data", data.copy().put("appUid", applicationUid))
                .toBuffer();
    }
}
