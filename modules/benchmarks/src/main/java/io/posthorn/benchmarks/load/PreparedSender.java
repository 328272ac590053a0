package io.posthorn.benchmarks.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Writes prepared requests to connections of its own, one request at a time on each: a client that costs little. */
final class PreparedSender implements Sender {
    private final NetClient client;
    private final int port;
    private final int connections;
    private final int types;
    private final List<RequestTemplate> templates;
    private final Deque<PreparedConnection> idle = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean closed;

    PreparedSender(Vertx vertx, LoadJob job, int connections) {
        this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        this.port = job.port();
        this.connections = connections;
        this.types = job.types();
        this.templates = job.heads().stream()
                .map(head -> RequestTemplate.of(head, job.body()))
                .toList();
    }

    @Override
    public Future<Void> open() {
        List<Future<?>> opened = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            opened.add(connect());
        }
        return Future.all(opened).mapEmpty();
    }

    @Override
    public void send(long number, long intendedNanos, Answered answered) {
        PreparedConnection connection = idle.poll();
        if (connection == null) {
            waiting.add(() -> send(number, intendedNanos, answered));
            return;
        }
        RequestTemplate template = templates.get((int) (number / types % templates.size()));
        connection.send(template.request(number % types, intendedNanos, number), intendedNanos, answered);
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return client.close();
    }

    private Future<?> connect() {
        return client.connect(port, "127.0.0.1").onSuccess(socket -> {
            PreparedConnection connection = new PreparedConnection(socket, this::free, this::lost);
            socket.handler(connection::read);
            socket.closeHandler(closed -> connection.closed());
            free(connection);
        });
    }

    private void free(PreparedConnection connection) {
        idle.add(connection);
        Runnable next = waiting.poll();
        if (next != null) {
            next.run();
        }
    }

    /** A connection that ended is replaced; where that fails, what waits for it is missed at the end of the run. */
    private void lost(PreparedConnection connection) {
        boolean unused = idle.remove(connection);
        if (!closed) {
            connect().onFailure(cause -> System.err.println("cannot connect again: " + cause));
        }
    }
}
