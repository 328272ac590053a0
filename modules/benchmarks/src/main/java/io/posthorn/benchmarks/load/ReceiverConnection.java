package io.posthorn.benchmarks.load;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * One connection to the receiver. {@code /ok} is answered with 204, {@code /slow} too but 50 ms later, {@code /warm} too but not counted, {@code /fail} with 500, {@code /busy} with 503 and a
 * {@code Retry-After} of a day, and {@code /hang} never.
 */
final class ReceiverConnection {
    private static final int PATH = "POST /".length();
    private static final byte[] OK = bytes("HTTP/1.1 204 No Content\r\n\r\n");
    private static final byte[] LATER = {};
    private static final long SLOW_MILLIS = 50;
    private static final byte[] FAIL = bytes("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
    private static final byte[] BUSY =
            bytes("HTTP/1.1 503 Service Unavailable\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n");

    private final NetSocket socket;
    private final Receipts receipts;
    private final BiConsumer<Long, Runnable> timers;
    private final HttpFrames frames = new HttpFrames();
    private boolean hanging;

    /** @param timers runs something after so many milliseconds, on the event loop of the connection */
    ReceiverConnection(NetSocket socket, Receipts receipts, BiConsumer<Long, Runnable> timers) {
        this.timers = timers;
        this.socket = socket;
        this.receipts = receipts;
    }

    void read(Buffer chunk) {
        if (hanging) {
            return;
        }
        frames.add(chunk);
        Buffer answers = null;
        while (frames.next()) {
            byte[] answer = answer();
            if (answer == null) {
                hanging = true;
                break;
            }
            answers = answers == null ? Buffer.buffer(answer) : answers.appendBytes(answer);
        }
        if (answers != null && answers.length() > 0) {
            socket.write(answers).onFailure(cause -> receipts.broken());
        }
    }

    private byte @org.jspecify.annotations.Nullable [] answer() {
        return switch (frames.bytes()[frames.start() + PATH]) {
            case 'o' -> {
                receipts.ok(Payload.at(frames.bytes(), frames.body(), frames.end()));
                yield OK;
            }
            case 's' -> {
                receipts.ok(Payload.at(frames.bytes(), frames.body(), frames.end()));
                timers.accept(SLOW_MILLIS, () -> socket.write(Buffer.buffer(OK)).onFailure(cause -> receipts.broken()));
                yield LATER;
            }
            case 'w' -> OK;
            case 'f' -> {
                receipts.failed();
                yield FAIL;
            }
            case 'b' -> {
                receipts.busy();
                yield BUSY;
            }
            case 'h' -> {
                receipts.hanging();
                yield null;
            }
            default -> throw new IllegalStateException("a path that the receiver does not know");
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
