package io.posthorn.testkit;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;

/** How a {@link ScriptedReceiver} answers one request. */
public sealed interface Answer {
    /** A whole response after a pause. */
    record Reply(int status, Map<String, String> headers, Buffer body, Duration after) implements Answer {
        public Reply {
            headers = Map.copyOf(headers);
        }
    }

    /** Takes the request and says nothing. */
    record Silence() implements Answer {}

    /** Status 200 and then one byte after each pause, without end. */
    record Drip(Duration pause) implements Answer {}

    /** Status 200 and a body of so many bytes, written as fast as it is read. */
    record Flood(long bytes) implements Answer {}

    /** Promises a body, sends a part of it and closes the connection. */
    record Torn() implements Answer {}

    /** Closes the connection without a response. */
    record Closed() implements Answer {}

    /** A status without headers and body. */
    static Answer status(int status) {
        return new Reply(status, Map.of(), Buffer.buffer(), Duration.ZERO);
    }

    /** A status with one header. */
    static Answer status(int status, String header, String value) {
        return new Reply(status, Map.of(header, value), Buffer.buffer(), Duration.ZERO);
    }
}
