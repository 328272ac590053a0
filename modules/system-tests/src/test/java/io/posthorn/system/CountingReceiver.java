package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver that counts what it accepted by {@code webhook-id}, and keeps nothing else of it. */
final class CountingReceiver {
    private final String host;
    private final HttpServer server;
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger delayMillis = new AtomicInteger();
    private final ConcurrentMap<String, AtomicInteger> accepted = new ConcurrentHashMap<>();

    private CountingReceiver(Vertx vertx, String host) {
        this.host = host;
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    int code = status.get();
                    String id = request.getHeader("webhook-id");
                    if (code == 200) {
                        accepted.computeIfAbsent(id, first -> new AtomicInteger())
                                .incrementAndGet();
                    }
                    if (delayMillis.get() == 0) {
                        request.response().setStatusCode(code).end();
                    } else {
                        vertx.setTimer(
                                delayMillis.get(),
                                late -> request.response().setStatusCode(code).end());
                    }
                }));
        Futures.resultOf(server.listen(0, host));
    }

    static CountingReceiver start(Vertx vertx) {
        return start(vertx, "127.0.0.1");
    }

    /** One at that address of this machine. */
    static CountingReceiver start(Vertx vertx, String host) {
        return new CountingReceiver(vertx, host);
    }

    String url() {
        return "http://" + host + ":" + server.actualPort() + "/hook";
    }

    /** What it answers from now on; only 200 counts as accepted. */
    void answer(int code) {
        status.set(code);
    }

    /** How long it takes to answer from now on; it counts what it accepts when that comes. */
    void delay(int millis) {
        delayMillis.set(millis);
    }

    Set<String> accepted() {
        return Set.copyOf(accepted.keySet());
    }

    /** Forgets what it accepted. */
    void forget() {
        accepted.clear();
    }

    /** What it accepted more than once, with how often. */
    Map<String, Integer> repeats() {
        Map<String, Integer> repeats = new TreeMap<>();
        accepted.forEach((id, count) -> {
            if (count.get() > 1) {
                repeats.put(id, count.get());
            }
        });
        return repeats;
    }
}
