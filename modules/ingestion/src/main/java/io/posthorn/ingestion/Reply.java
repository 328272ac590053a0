package io.posthorn.ingestion;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param body JSON text, or null for none
 * @param retryAfterSeconds the value of {@code Retry-After}, or 0 for none
 * @param storesNothing whether an operation that accepts messages accepted none this time
 */
record Reply(int status, @Nullable Buffer body, int retryAfterSeconds, boolean storesNothing) {
    static Reply of(int status, Buffer body) {
        return new Reply(status, body, 0, false);
    }

    static Reply of(int status, JsonObject body) {
        return new Reply(status, body.toBuffer(), 0, false);
    }

    /** The answer of an operation that only said what it would do. */
    static Reply storedNothing(JsonObject body) {
        return new Reply(200, body.toBuffer(), 0, true);
    }

    static Reply noContent() {
        return new Reply(204, null, 0, false);
    }
}
