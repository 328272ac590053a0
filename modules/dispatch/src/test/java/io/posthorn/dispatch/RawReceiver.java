package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A server that answers with the bytes of a script, however wrong. */
final class RawReceiver {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private int port;

    /** The script gets the number of the request, from 1, and the socket. */
    static Future<RawReceiver> start(Vertx vertx, NetServerOptions options, BiConsumer<Integer, NetSocket> script) {
        RawReceiver receiver = new RawReceiver();
        return vertx.createNetServer(options)
                .connectHandler(socket -> {
                    receiver.connections.incrementAndGet();
                    StringBuilder received = new StringBuilder();
                    socket.closeHandler(nothing -> receiver.closed.incrementAndGet());
                    socket.exceptionHandler(cause -> {});
                    socket.handler(chunk -> {
                        received.append(chunk);
                        if (received.toString().endsWith("{\"a\":1}")) {
                            receiver.requests.add(received.toString());
                            received.setLength(0);
                            script.accept(receiver.requests.size(), socket);
                        }
                    });
                })
                .listen(0, "127.0.0.1")
                .map(server -> {
                    receiver.port = server.actualPort();
                    return receiver;
                });
    }

    int port() {
        return port;
    }

    String url(String scheme, String host) {
        return scheme + "://" + host + ":" + port + "/hook?a=1";
    }
}
