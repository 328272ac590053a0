package io.posthorn.testkit;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * A request that came to a {@link ScriptedReceiver}.
 *
 * @param path with its query, as it was sent
 * @param body the bytes, as they were sent
 * @param at when its body was complete, by the machine's clock
 */
public record ReceivedRequest(String method, String path, MultiMap headers, Buffer body, Instant at) {
    /** The first value of a header, or the empty text. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }
}
