package io.posthorn.testkit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver that speaks HTTP/2 over TLS and nothing else, on a free port of 127.0.0.1, in frames that a script writes, and
 * counts. Counts may be read on any thread.
 */
public final class FrameReceiver {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADER_BYTES = 9;
    private static final int WAVE_BYTES = 32 * 1024;

    private final Script script;
    private final NetServer server;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    /** What is written. On the event loop of the connection. */
    interface Script {
        /** A connection was made and said nothing yet. */
        void connected(Line line);

        /** The client said how it wants to be spoken to. */
        void settled(Line line);

        /** A request came to its end on this stream. */
        void requested(Line line, int stream);
    }

    /** The way to one client. */
    static final class Line {
        private final NetSocket socket;

        private Line(NetSocket socket) {
            this.socket = socket;
        }

        void write(Buffer... frames) {
            Buffer all = Buffer.buffer();
            for (Buffer frame : frames) {
                all.appendBuffer(frame);
            }
            // A client that is gone reads nothing more.
            socket.write(all).onFailure(gone -> {});
        }

        /** The same frame again and again, as fast as it is read, until nobody is there. */
        void endless(Buffer frame) {
            Buffer wave = Buffer.buffer();
            while (wave.length() < WAVE_BYTES) {
                wave.appendBuffer(frame);
            }
            waves(wave);
        }

        private void waves(Buffer wave) {
            socket.write(wave).onSuccess(written -> waves(wave));
        }

        void close() {
            socket.close().onFailure(gone -> {});
        }
    }

    private FrameReceiver(Vertx vertx, KeyCertOptions certificate, Script script) {
        this.script = script;
        NetServerOptions options =
                new NetServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate);
        options.getSslOptions().setApplicationLayerProtocols(List.of("h2"));
        server = vertx.createNetServer(options).connectHandler(this::take);
    }

    /** Starts one that does what this behaviour says; completes when it listens. */
    public static Future<FrameReceiver> start(Vertx vertx, KeyCertOptions certificate, HostileFrames behaviour) {
        FrameReceiver receiver = new FrameReceiver(vertx, certificate, behaviour);
        return receiver.server.listen(0, "127.0.0.1").map(receiver);
    }

    /**
     * Where it takes requests.
     *
     * @param host a name for 127.0.0.1 that its certificate has
     */
    public String url(String host) {
        return "https://" + host + ":" + server.actualPort() + "/hook";
    }

    /** How many connections there are now. */
    public int open() {
        return open.get();
    }

    /** How many connections there were, with those there are. */
    public int connections() {
        return connections.get();
    }

    /** How many requests came to their end. */
    public int requests() {
        return requests.get();
    }

    private void take(NetSocket socket) {
        open.incrementAndGet();
        connections.incrementAndGet();
        socket.closeHandler(closed -> open.decrementAndGet());
        socket.exceptionHandler(cause -> {});
        Line line = new Line(socket);
        script.connected(line);
        Buffer[] unread = {Buffer.buffer()};
        boolean[] begun = {false};
        socket.handler(bytes -> {
            Buffer all = unread[0].appendBuffer(bytes);
            int at = 0;
            if (!begun[0] && all.length() >= PREFACE.length()) {
                begun[0] = true;
                at = PREFACE.length();
            }
            while (begun[0]
                    && all.length() - at >= HEADER_BYTES
                    && all.length() - at >= HEADER_BYTES + all.getMedium(at)) {
                read(line, all.getByte(at + 3), all.getByte(at + 4), all.getInt(at + 5));
                at += HEADER_BYTES + all.getMedium(at);
            }
            unread[0] = all.getBuffer(at, all.length());
        });
    }

    private void read(Line line, int type, int flags, int stream) {
        boolean ends = (flags & Frames.END_STREAM) != 0;
        if (type == Frames.SETTINGS && (flags & Frames.ACK) == 0) {
            script.settled(line);
        } else if (ends && (type == Frames.HEADERS || type == Frames.DATA)) {
            requests.incrementAndGet();
            script.requested(line, stream);
        }
    }
}
