package io.posthorn.ingestion;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts messages from the event bus at {@link io.posthorn.contract.Addresses#MESSAGES}. A request is a JSON object
 * with {@code application}, {@code eventType}, {@code payload} (an object, or a string to deliver as it is), and
 * optionally {@code organization}, {@code eventId}, {@code channels} and {@code idempotencyKey}.
 */
final class BusEvents {
    private static final Logger LOG = LoggerFactory.getLogger(BusEvents.class);

    private final MessageAcceptance acceptance;
    private final PendingGate gate;
    private final IngestionMetrics metrics;
    private final Duration timeout;

    BusEvents(MessageAcceptance acceptance, PendingGate gate, IngestionMetrics metrics, Duration timeout) {
        this.acceptance = acceptance;
        this.gate = gate;
        this.metrics = metrics;
        this.timeout = timeout;
    }

    /** Replies to a request with what was stored, or fails it with the HTTP status as its code. */
    void answer(io.vertx.core.eventbus.Message<Object> message) {
        accept(message.body()).onComplete(message::reply, failure -> {
            ReplyException known = (ReplyException) failure;
            message.fail(known.failureCode(), known.getMessage());
        });
    }

    /** Completes with the reply; fails with a {@link ReplyException} only, the HTTP status as its code. */
    Future<JsonObject> accept(Object request) {
        long start = System.nanoTime();
        try {
            gate.enter();
        } catch (PosthornException full) {
            return Future.failedFuture(failure(full));
        }
        return accepted(request)
                .map(BusEvents::reply)
                .recover(cause -> Future.failedFuture(failure(cause)))
                .andThen(result -> {
                    gate.leave();
                    metrics.answered(System.nanoTime() - start, result.cause());
                });
    }

    private Future<Message> accepted(Object request) {
        try {
            if (!(request instanceof JsonObject json)) {
                throw new InvalidRequest(Problem.unreadable("expected a JSON object", "body"));
            }
            Fields fields = new Fields(json);
            String application = fields.requiredText("application");
            String organization = fields.textOr("organization", OrganizationId.DEFAULT.value());
            if (!OrganizationId.isValid(organization)) {
                fields.invalid("organization", "expected an identifier org_...");
            }
            String key = fields.text("idempotencyKey");
            fields.end();
            Buffer body = draft(json).toBuffer();
            IdempotencyKey digest =
                    Idempotency.of(key, organization, RouteTable.PREFIX + "/app/" + application + "/msg", body);
            return acceptance
                    .accept(new OrganizationId(organization), application, body, digest, Deadline.after(timeout))
                    .map(MessageAcceptance.Accepted::message);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The body of the same request over HTTP. */
    private static JsonObject draft(JsonObject request) {
        JsonObject draft = new JsonObject();
        for (String name : List.of("eventType", "eventId", "channels", "payloadRetentionPeriod")) {
            if (request.getValue(name) != null) {
                draft.put(name, request.getValue(name));
            }
        }
        Object payload = request.getValue("payload");
        if (payload instanceof String raw) {
            draft.put("payload", new JsonObject())
                    .put("transformationsParams", new JsonObject().put("rawPayload", raw));
        } else if (payload != null) {
            draft.put("payload", payload);
        }
        return draft;
    }

    private static JsonObject reply(Message message) {
        JsonArray channels = new JsonArray();
        new TreeSet<>(message.channels()).forEach(channels::add);
        return new JsonObject()
                .put("id", message.id().value())
                .put("eventType", message.eventType())
                .put("eventId", message.eventId())
                .put("channels", channels.isEmpty() ? null : channels)
                .put("timestamp", message.createdAt().toString());
    }

    private ReplyException failure(Throwable cause) {
        metrics.rejected(ErrorResponses.codeOf(cause));
        String text;
        if (cause instanceof InvalidRequest invalid) {
            text = ErrorResponses.list(invalid.problems()).encode();
        } else if (cause instanceof PosthornException known) {
            text = known.code().code() + ": " + known.getMessage();
        } else {
            LOG.error("a message from the event bus failed unexpectedly", cause);
            text = "server_error: an internal error";
        }
        return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, ErrorResponses.statusOf(cause), text);
    }
}
