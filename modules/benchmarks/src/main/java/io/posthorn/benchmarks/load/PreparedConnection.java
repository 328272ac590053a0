package io.posthorn.benchmarks.load;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One keep-alive connection with at most one request under way. One event loop. */
final class PreparedConnection {
    private final NetSocket socket;
    private final Consumer<PreparedConnection> free;
    private final Consumer<PreparedConnection> lost;
    private final HttpFrames frames = new HttpFrames();
    private Sender.@Nullable Answered answered;
    private long intendedNanos;

    PreparedConnection(NetSocket socket, Consumer<PreparedConnection> free, Consumer<PreparedConnection> lost) {
        this.socket = socket;
        this.free = free;
        this.lost = lost;
    }

    void send(Buffer request, long intended, Sender.Answered then) {
        answered = then;
        intendedNanos = intended;
        // A failed write closes the connection, which is where the request is given up.
        socket.write(request).onFailure(cause -> socket.close().onFailure(again -> {}));
    }

    void read(Buffer chunk) {
        frames.add(chunk);
        while (frames.next()) {
            end(frames.status());
        }
    }

    void closed() {
        Sender.Answered open = answered;
        answered = null;
        lost.accept(this);
        if (open != null) {
            open.answered(intendedNanos, 0);
        }
    }

    private void end(int status) {
        Sender.Answered open = answered;
        if (open == null) {
            throw new IllegalStateException("an answer that nobody asked for: " + status);
        }
        answered = null;
        free.accept(this);
        open.answered(intendedNanos, status);
    }
}
