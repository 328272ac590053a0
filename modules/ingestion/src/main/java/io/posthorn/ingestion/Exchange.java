package io.posthorn.ingestion;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as the operations see it.
 *
 * @param baseUrl scheme and authority as the client wrote them
 * @param path without query and trailing slash
 * @param pathParameters decoded
 * @param caller null only for open operations
 * @param body empty when there was none
 * @param deadline when the request must have been answered
 */
record Exchange(
        String baseUrl,
        String path,
        Map<String, String> pathParameters,
        MultiMap parameters,
        MultiMap headers,
        @Nullable Caller caller,
        Buffer body,
        Deadline deadline) {

    String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    /** The caller of an operation that is not open. */
    Caller requireCaller() {
        if (caller == null) {
            throw new IllegalStateException("an open operation asked for its caller");
        }
        return caller;
    }

    /** The query parameters; problems with them are told by {@link Query#end()}. */
    Query query() {
        return new Query(parameters);
    }

    /** The body as a JSON object; problems with its fields are told by {@link Fields#end()}. */
    Fields fields() {
        Object value;
        try {
            value = body.length() == 0 ? null : Json.decodeValue(body);
        } catch (DecodeException e) {
            throw new InvalidRequest(Problem.unreadable("the body is not JSON", "body"));
        }
        if (!(value instanceof JsonObject object)) {
            throw new InvalidRequest(Problem.unreadable("expected a JSON object", "body"));
        }
        return new Fields(object);
    }

    /** The body as a JSON object, or an empty one where there is no body. */
    Fields optionalFields() {
        return body.length() == 0 ? new Fields(new JsonObject()) : fields();
    }

    /** What makes a repeat of this request known, or null when it does not say. */
    @Nullable
    IdempotencyKey idempotencyKey() {
        return Idempotency.of(headers.get(Idempotency.HEADER), requireCaller().subject(), path, body);
    }
}
