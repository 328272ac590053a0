package io.posthorn.benchmarks.load;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;

/**
 * One connection to the receiver. {@code /ok} is answered with 204, {@code /slow} too but after 20 ms, {@code /delayed} after 50 ms, {@code /warm} at once
 * but not counted, {@code /fail} with 500, {@code /busy} with 503 and a {@code Retry-After} of a day, and {@code /hang} never. Whoever sends waits for an
 * answer before the next request, or keeps to one path.
 */
final class ReceiverConnection {
    static final int SLOW_MILLIS = 20;
    static final int DELAYED_MILLIS = 50;

    private static final int PATH = "POST /".length();
    private static final byte[] NOT_YET = {};
    private static final byte[] OK = bytes("HTTP/1.1 204 No Content\r\n\r\n");
    private static final byte[] FAIL = bytes("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n");
    private static final byte[] BUSY =
            bytes("HTTP/1.1 503 Service Unavailable\r\nretry-after: 86400\r\ncontent-length: 0\r\n\r\n");

    private final Vertx vertx;
    private final NetSocket socket;
    private final Receipts receipts;
    private final HttpFrames frames = new HttpFrames();
    private boolean hanging;

    ReceiverConnection(Vertx vertx, NetSocket socket, Receipts receipts) {
        this.vertx = vertx;
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
            write(answers);
        }
    }

    private void write(Buffer answers) {
        socket.write(answers).onFailure(cause -> receipts.broken());
    }

    private byte @org.jspecify.annotations.Nullable [] answer() {
        return switch (frames.bytes()[frames.start() + PATH]) {
            case 'o' -> {
                receipts.ok(Payload.at(frames.bytes(), frames.body(), frames.end()));
                yield OK;
            }
            case 's' -> {
                receipts.ok(Payload.at(frames.bytes(), frames.body(), frames.end()));
                yield later(SLOW_MILLIS);
            }
            case 'd' -> {
                receipts.ok(Payload.at(frames.bytes(), frames.body(), frames.end()));
                yield later(DELAYED_MILLIS);
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

    private byte[] later(int millis) {
        long unused = vertx.setTimer(millis, timer -> write(Buffer.buffer(OK)));
        return NOT_YET;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
