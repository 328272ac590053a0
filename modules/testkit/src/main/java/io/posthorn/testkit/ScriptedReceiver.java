package io.posthorn.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * An HTTP server on a free port that answers as it is told, 200 when it is told nothing, and keeps every
 * request. May be used from any thread. Keeps all that it receives in memory.
 */
public final class ScriptedReceiver {
    private final String host;
    private final HttpServer server;
    private final Map<String, Deque<Answer>> scripts = new HashMap<>();
    private final List<ReceivedRequest> received = new ArrayList<>();
    private final List<Waiter> waiters = new ArrayList<>();

    private record Waiter(int count, Promise<List<ReceivedRequest>> promise) {}

    private ScriptedReceiver(Vertx vertx, String host) {
        this.host = host;
        this.server = vertx.createHttpServer();
        ScriptedResponses responses = new ScriptedResponses(vertx);
        server.requestHandler(request -> request.body()
                .onSuccess(body -> responses.send(request, take(request, body)))
                .onFailure(cause -> request.connection().close()));
    }

    /** Starts one on the loopback; completes when it listens. */
    public static Future<ScriptedReceiver> start(Vertx vertx) {
        return start(vertx, "127.0.0.1");
    }

    /** Starts one at that address of this machine; completes when it listens. */
    public static Future<ScriptedReceiver> start(Vertx vertx, String host) {
        ScriptedReceiver receiver = new ScriptedReceiver(vertx, host);
        return receiver.server.listen(0, host).map(listening -> receiver);
    }

    /** The URL of a path of it, which begins with a slash. */
    public String url(String path) {
        return "http://" + host + ":" + server.actualPort() + path;
    }

    /** Its port. */
    public int port() {
        return server.actualPort();
    }

    /** Adds answers for the next requests to a path, one each. */
    @CanIgnoreReturnValue
    public synchronized ScriptedReceiver answer(String path, Answer... answers) {
        scripts.computeIfAbsent(path, key -> new ArrayDeque<>()).addAll(List.of(answers));
        return this;
    }

    /** All that came so far, in order. */
    public synchronized List<ReceivedRequest> received() {
        return List.copyOf(received);
    }

    /** Completes with all that came as soon as so many have come; the caller sets the deadline. */
    public Future<List<ReceivedRequest>> received(int count) {
        Waiter waiter = new Waiter(count, Promise.promise());
        synchronized (this) {
            waiters.add(waiter);
        }
        completeWaiters();
        return waiter.promise().future();
    }

    /** Stops it and cuts what it is answering. */
    public Future<Void> close() {
        return server.close();
    }

    private Answer take(HttpServerRequest request, Buffer body) {
        Answer answer;
        synchronized (this) {
            received.add(new ReceivedRequest(
                    request.method().name(), request.uri(), request.headers(), body, Instant.now()));
            Deque<Answer> script = scripts.get(request.path());
            Answer next = script == null ? null : script.poll();
            answer = next == null ? Answer.status(200) : next;
        }
        completeWaiters();
        return answer;
    }

    private void completeWaiters() {
        List<Waiter> done = new ArrayList<>();
        List<ReceivedRequest> soFar;
        synchronized (this) {
            soFar = List.copyOf(received);
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.count() <= soFar.size()) {
                    all.remove();
                    done.add(waiter);
                }
            }
        }
        done.forEach(waiter -> waiter.promise().complete(soFar));
    }
}
