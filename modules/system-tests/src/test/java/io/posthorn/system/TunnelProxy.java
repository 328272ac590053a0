package io.posthorn.system;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that makes tunnels for who knows its password. */
final class TunnelProxy {
    /** {@code user:pass} in base64. */
    private static final String LOGIN = "Basic dXNlcjpwYXNz";

    final List<String> tunnels = new CopyOnWriteArrayList<>();
    private final NetClient client;
    private int port;

    private TunnelProxy(NetClient client) {
        this.client = client;
    }

    static Future<TunnelProxy> start(Vertx vertx) {
        TunnelProxy proxy = new TunnelProxy(vertx.createNetClient());
        return vertx.createHttpServer()
                .requestHandler(proxy::handle)
                .listen(0, "127.0.0.1")
                .map(server -> {
                    proxy.port = server.actualPort();
                    return proxy;
                });
    }

    String url() {
        return "http://user:pass@127.0.0.1:" + port;
    }

    private void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.CONNECT)) {
            refuse(request, 405);
        } else if (!LOGIN.equals(request.getHeader("proxy-authorization"))) {
            refuse(request, 407);
        } else {
            String target = request.authority().toString();
            tunnels.add(target);
            client.connect(request.authority().port(), request.authority().host())
                    .compose(upstream -> request.toNetSocket().map(downstream -> {
                        join(upstream, downstream);
                        join(downstream, upstream);
                        return null;
                    }))
                    .onFailure(cause -> refuse(request, 502));
        }
    }

    private static void refuse(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end().onComplete(sent -> {});
    }

    private static void join(NetSocket from, NetSocket to) {
        from.handler(chunk -> to.write(chunk).onComplete(written -> {}));
        from.closeHandler(closed -> to.close().onComplete(done -> {}));
    }
}
