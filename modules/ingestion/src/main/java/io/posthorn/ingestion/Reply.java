package io.posthorn.ingestion;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param body JSON text, or null for none
 * @param retryAfterSeconds the value of {@code Retry-After}, or 0 for none
 */
record Reply(int status, @Nullable Buffer body, int retryAfterSeconds) {
    static Reply of(int status, Buffer body) {
        return new Reply(status, body, 0);
    }

    static Reply of(int status, JsonObject body) {
        return new Reply(status, body.toBuffer(), 0);
    }

    static Reply noContent() {
        return new Reply(204, null, 0);
    }
}
