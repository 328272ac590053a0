package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between an engine and a Redis: loses replies, or lets nothing through while connections stay open. */
final class CuttingProxy {
    private final NetServer server;
    private final NetClient client;
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger toCut = new AtomicInteger();
    private volatile byte[] mark = new byte[0];
    private volatile boolean silent;

    CuttingProxy(Vertx vertx, int port) {
        client = vertx.createNetClient();
        server = vertx.createNetServer().connectHandler(near -> connect(near, port));
        resultOf(server.listen(0, "127.0.0.1"));
    }

    String url() {
        return "redis://127.0.0.1:" + server.actualPort();
    }

    /** The next so many requests that hold these bytes are forwarded, and their connection cut before any reply. */
    void loseReplies(int count, byte[] requestsWith) {
        mark = requestsWith;
        toCut.set(count);
    }

    /** How many of them are still to come. */
    int leftToLose() {
        return toCut.get();
    }

    /** Lets nothing through in either direction, connections open, until it is lifted. */
    void silent(boolean now) {
        silent = now;
    }

    private void connect(NetSocket near, int port) {
        near.pause();
        client.connect(port, "127.0.0.1").onFailure(failure -> near.close()).onSuccess(far -> {
            open.add(near);
            boolean[] cut = new boolean[1];
            near.handler(bytes -> {
                if (silent) {
                    return;
                }
                if (holdsMark(bytes) && toCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    cut[0] = true;
                }
                far.write(bytes).onFailure(failure -> near.close());
            });
            far.handler(bytes -> {
                if (cut[0]) {
                    near.close();
                } else if (!silent) {
                    near.write(bytes).onFailure(failure -> far.close());
                }
            });
            near.closeHandler(closed -> far.close());
            far.closeHandler(closed -> near.close());
            near.resume();
        });
    }

    private boolean holdsMark(Buffer bytes) {
        byte[] wanted = mark;
        for (int at = 0; wanted.length > 0 && at + wanted.length <= bytes.length(); at++) {
            int i = 0;
            while (i < wanted.length && bytes.getByte(at + i) == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
