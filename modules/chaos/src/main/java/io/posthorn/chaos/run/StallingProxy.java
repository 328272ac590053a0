package io.posthorn.chaos.run;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy that can stop forwarding without closing anything: what a peer sees when a firewall forgets its
 * connections, or a cable is cut.
 */
public final class StallingProxy {
    private final NetServer server;
    private final NetClient client;
    private final int target;
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stalled;

    private StallingProxy(Vertx vertx, int target) {
        this.server = vertx.createNetServer();
        this.client = vertx.createNetClient();
        this.target = target;
    }

    /** Starts one before a port of this machine; completes when it listens. */
    public static Future<StallingProxy> start(Vertx vertx, int target) {
        StallingProxy proxy = new StallingProxy(vertx, target);
        return proxy.server
                .connectHandler(proxy::connected)
                .listen(0, "127.0.0.1")
                .map(listening -> proxy);
    }

    /** Its own port. */
    public int port() {
        return server.actualPort();
    }

    /** From now on nothing is forwarded, nothing is closed, and new connections are accepted but dead. */
    public void stall() {
        stalled = true;
        open.forEach(NetSocket::pause);
    }

    /** New connections work again; those that were open when it stalled stay dead, and open. */
    public void forwardNewOnes() {
        open.clear();
        stalled = false;
    }

    private void connected(NetSocket near) {
        near.exceptionHandler(cause -> near.close());
        if (stalled) {
            near.pause();
            return;
        }
        near.pause();
        client.connect(target, "127.0.0.1").onSuccess(far -> join(near, far)).onFailure(cause -> near.close());
    }

    private void join(NetSocket near, NetSocket far) {
        forward(near, far);
        forward(far, near);
        if (!stalled) {
            near.resume();
        }
    }

    private void forward(NetSocket from, NetSocket to) {
        open.add(from);
        from.exceptionHandler(cause -> from.close());
        from.handler(bytes -> {
            // A chunk that was already on its way when the line went dead is lost with it.
            if (open.contains(from) && !stalled) {
                Future<Void> unused = to.write(bytes);
            }
        });
        from.closeHandler(closed -> {
            if (open.remove(from) && !stalled) {
                Future<Void> unused = to.close();
            }
        });
    }
}
