package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A proxy that understands CONNECT and nothing else. */
final class ConnectProxy {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();

    /** What it answers instead of connecting; null to connect. */
    volatile @Nullable String refusal;

    private final NetClient client;
    private int port;

    private ConnectProxy(NetClient client) {
        this.client = client;
    }

    static Future<ConnectProxy> start(Vertx vertx) {
        ConnectProxy proxy = new ConnectProxy(vertx.createNetClient());
        return vertx.createNetServer()
                .connectHandler(proxy::accept)
                .listen(0, "127.0.0.1")
                .map(server -> {
                    proxy.port = server.actualPort();
                    return proxy;
                });
    }

    int port() {
        return port;
    }

    private void accept(NetSocket socket) {
        connections.incrementAndGet();
        StringBuilder head = new StringBuilder();
        socket.handler(chunk -> {
            head.append(chunk);
            if (head.toString().endsWith("\r\n\r\n")) {
                asked.add(head.toString());
                answer(socket, head.toString());
            }
        });
    }

    private void answer(NetSocket socket, String head) {
        if (refusal != null) {
            socket.write("HTTP/1.1 " + refusal + "\r\nContent-Length: 0\r\n\r\n")
                    .onComplete(sent -> {});
            return;
        }
        socket.pause();
        String target = head.split(" ")[1];
        int colon = target.lastIndexOf(':');
        client.connect(Integer.parseInt(target.substring(colon + 1)), target.substring(0, colon))
                .onSuccess(upstream -> {
                    join(upstream, socket);
                    join(socket, upstream);
                    socket.write(Buffer.buffer("HTTP/1.1 200 Connected\r\n\r\n"))
                            .onComplete(sent -> {});
                    socket.resume();
                })
                .onFailure(cause ->
                        socket.write("HTTP/1.1 502 Bad Gateway\r\n\r\n").onComplete(sent -> {}));
    }

    private static void join(NetSocket from, NetSocket to) {
        from.handler(chunk -> to.write(chunk).onComplete(written -> {}));
        from.closeHandler(closed -> to.close().onComplete(done -> {}));
    }
}
