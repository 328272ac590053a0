package io.posthorn.storage.redis;

import io.posthorn.contract.Circuit;
import io.posthorn.storage.rows.CircuitCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a circuit stands in the field {@code cb} of its queue: what scripts read of it, a blank, and all of it. Nothing where
 * it never opened.
 */
final class CircuitText {
    private CircuitText() {}

    /** For an argument of a script. */
    static Object write(@Nullable Circuit circuit) {
        if (circuit == null) {
            return "";
        }
        return Buffer.buffer((circuit.isOpen() ? "O" : "C") + circuit.version() + " ")
                .appendBytes(CircuitCodec.encode(circuit))
                .getBytes();
    }

    /** Of a script's answer. */
    static @Nullable Circuit read(Response field) {
        byte[] bytes = field.toBytes();
        if (bytes.length == 0) {
            return null;
        }
        int blank = 0;
        while (bytes[blank] != ' ') {
            blank++;
        }
        return CircuitCodec.decode(Arrays.copyOfRange(bytes, blank + 1, bytes.length));
    }
}
