package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** A receiver that speaks in bytes, wrong ones, on a free port of 127.0.0.1. In its texts {@code |} is the end of a line. */
final class HostileReceiver {
    private static final int BOMB_BYTES = 64 << 20;
    private static final Buffer BOMB = bomb();
    private static final String OK = "HTTP/1.1 200 OK|";

    private final Vertx vertx;
    private final Behaviour behaviour;
    private final NetServer server;

    /** What it does with a request. */
    enum Behaviour {
        DRIPS_THE_HEAD,
        DRIPS_THE_BODY,
        PACKED_BOMB,
        ENDLESS_BODY,
        ENDLESS_CHUNKS,
        ENDLESS_HEADERS,
        ENDLESS_CONTINUES,
        ENDLESS_HINTS,
        ENDLESS_STATUS_LINE,
        ENDLESS_CHUNK_EXTENSION,
        ENDLESS_TRAILERS,
        ENDLESS_EMPTY_LINES,
        UPGRADES,
        LENGTH_TOO_LONG,
        TWO_LENGTHS,
        NEGATIVE_LENGTH,
        RESETS_IN_THE_BODY,
        CLOSES_AT_ONCE,
        SAYS_NOTHING,
        STALLS_THE_HANDSHAKE,
        ANSWERS_THREE_TIMES
    }

    private HostileReceiver(Vertx vertx, Behaviour behaviour) {
        this.vertx = vertx;
        this.behaviour = behaviour;
        NetServerOptions options = new NetServerOptions();
        if (behaviour == Behaviour.RESETS_IN_THE_BODY) {
            options.setSoLinger(0);
        }
        server = vertx.createNetServer(options).connectHandler(this::take);
    }

    static HostileReceiver start(Vertx vertx, Behaviour behaviour) {
        HostileReceiver receiver = new HostileReceiver(vertx, behaviour);
        Futures.resultOf(receiver.server.listen(0, "127.0.0.1"));
        return receiver;
    }

    String url() {
        String scheme = behaviour == Behaviour.STALLS_THE_HANDSHAKE ? "https" : "http";
        return scheme + "://127.0.0.1:" + server.actualPort() + "/hook";
    }

    private void take(NetSocket socket) {
        socket.exceptionHandler(cause -> {});
        if (behaviour == Behaviour.CLOSES_AT_ONCE) {
            socket.close();
            return;
        }
        StringBuilder received = new StringBuilder();
        socket.handler(bytes -> {
            received.append(bytes);
            // The payload is {}, and nothing else in a request ends so.
            if (received.toString().endsWith("{}")) {
                received.setLength(0);
                answer(socket);
            }
        });
    }

    private void answer(NetSocket socket) {
        switch (behaviour) {
            case DRIPS_THE_HEAD -> drip(socket, OK + "X: ");
            case DRIPS_THE_BODY -> {
                write(socket, OK + "Content-Length: 100000||");
                drip(socket, "");
            }
            case PACKED_BOMB -> {
                write(socket, OK + "Content-Encoding: gzip|Content-Length: " + BOMB.length() + "||");
                socket.write(BOMB.copy());
            }
            case ENDLESS_BODY -> endless(socket, OK + "Content-Length: 99999999999||", "x".repeat(65536));
            case ENDLESS_CHUNKS ->
                endless(socket, OK + "Transfer-Encoding: chunked||", ("1;" + "x".repeat(4000) + "|y|").repeat(16));
            case ENDLESS_HEADERS -> endless(socket, OK, "A: b|".repeat(5000));
            case ENDLESS_CONTINUES -> endless(socket, "", "HTTP/1.1 100 Continue||".repeat(2000));
            case ENDLESS_HINTS -> endless(socket, "", "HTTP/1.1 103 Early Hints|Link: a||".repeat(2000));
            case ENDLESS_STATUS_LINE -> endless(socket, "HTTP/1.1 200 ", "x".repeat(65536));
            case ENDLESS_CHUNK_EXTENSION -> endless(socket, OK + "Transfer-Encoding: chunked||2;", "x".repeat(65536));
            case ENDLESS_TRAILERS -> endless(socket, OK + "Transfer-Encoding: chunked||0|", "A: b|".repeat(5000));
            case ENDLESS_EMPTY_LINES -> endless(socket, "", "|".repeat(30000));
            case UPGRADES ->
                endless(socket, "HTTP/1.1 101 Switching Protocols|Connection: upgrade|Upgrade: x||", "x".repeat(65536));
            case LENGTH_TOO_LONG, RESETS_IN_THE_BODY -> {
                write(socket, OK + "Content-Length: 10||half");
                if (behaviour == Behaviour.RESETS_IN_THE_BODY) {
                    vertx.setTimer(100, timer -> socket.close());
                }
            }
            case TWO_LENGTHS -> write(socket, OK + "Content-Length: 2|Content-Length: 4||okok");
            case NEGATIVE_LENGTH -> write(socket, OK + "Content-Length: -1||ok");
            case ANSWERS_THREE_TIMES -> write(socket, (OK + "Content-Length: 2||ok").repeat(3));
            case SAYS_NOTHING, STALLS_THE_HANDSHAKE, CLOSES_AT_ONCE -> {}
        }
    }

    private static void write(NetSocket socket, String text) {
        socket.write(text.replace("|", "\r\n"));
    }

    private void drip(NetSocket socket, String text) {
        int[] at = {0};
        String all = text.replace("|", "\r\n");
        vertx.setPeriodic(1000, timer -> {
            String next = at[0] < all.length() ? all.substring(at[0], ++at[0]) : "x";
            socket.write(next).onFailure(gone -> vertx.cancelTimer(timer));
        });
    }

    /** The same again and again, as fast as it is read, until nobody is there. */
    private void endless(NetSocket socket, String first, String wave) {
        write(socket, first);
        waves(socket, Buffer.buffer(wave.replace("|", "\r\n")));
    }

    private void waves(NetSocket socket, Buffer wave) {
        socket.write(wave).onSuccess(written -> waves(socket, wave));
    }

    private static Buffer bomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[BOMB_BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Buffer.buffer(packed.toByteArray());
    }
}
