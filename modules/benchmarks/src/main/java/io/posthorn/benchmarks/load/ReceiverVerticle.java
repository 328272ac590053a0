package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;

/** One event loop of the receiver: takes what is POSTed, and answers by the first letter of the path. */
final class ReceiverVerticle extends VerticleBase {
    private final int port;
    private final Receipts receipts;
    private volatile int actualPort;

    /** Listens on a port; 0 picks a free one. */
    ReceiverVerticle(int port, Receipts receipts) {
        this.port = port;
        this.receipts = receipts;
    }

    @Override
    public Future<?> start() {
        NetServer server = vertx.createNetServer(
                        new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(4096))
                .connectHandler(this::connected);
        return server.listen(port, "127.0.0.1").onSuccess(listening -> actualPort = listening.actualPort());
    }

    int actualPort() {
        return actualPort;
    }

    private void connected(NetSocket socket) {
        ReceiverConnection connection = new ReceiverConnection(
                socket, receipts, (millis, action) -> vertx.setTimer(millis, fired -> action.run()));
        socket.handler(connection::read);
        // That a client resets its connection is no news; a hanging one is given up that way.
        socket.exceptionHandler(cause -> receipts.broken());
    }
}
