package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A receiver that knows from each payload when it was sent, and keeps how long that was ago when it came. What it does is said by
 * the path: {@code /ok/..}, {@code /hang/..}, {@code /fail/..}, or what {@link #behave} says.
 */
final class TimedReceiver {
    private final HttpServer server;
    private final Vertx vertx;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, List<Long>> delays = new ConcurrentHashMap<>();

    /** What becomes of a request. */
    enum Behaviour {
        /** Answered with 200 at once. */
        OK,
        /** Answered with 200 after 20 ms. */
        SLOW_OK,
        /** Answered with 500. */
        FAIL,
        /** Never answered. */
        HANG
    }

    private TimedReceiver(Vertx vertx) {
        this.vertx = vertx;
        server = vertx.createHttpServer().requestHandler(this::take);
        Futures.resultOf(server.listen(0, "127.0.0.1"));
    }

    static TimedReceiver start(Vertx vertx) {
        return new TimedReceiver(vertx);
    }

    /**
     * The payload of a message that is sent now.
     *
     * @param as under which name its delay is kept
     */
    static JsonObject payload(String as) {
        return new JsonObject().put("sent", System.nanoTime()).put("as", as);
    }

    String url(String name) {
        return "http://127.0.0.1:" + server.actualPort() + "/" + name;
    }

    void behave(String name, Behaviour behaviour) {
        behaviours.put(name, behaviour);
    }

    /** Forgets what it measured. */
    void forget() {
        delays.clear();
    }

    /** How many came under names that begin so. */
    int count(String prefix) {
        return all(prefix).length;
    }

    /** The share-th delay of those under names that begin so, in microseconds; 0.5 is the median. */
    double micros(String prefix, double share) {
        long[] sorted = all(prefix);
        Arrays.sort(sorted);
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1_000.0;
    }

    private long[] all(String prefix) {
        return delays.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .flatMap(entry -> {
                    synchronized (entry.getValue()) {
                        return new ArrayList<>(entry.getValue()).stream();
                    }
                })
                .mapToLong(Long::longValue)
                .toArray();
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String name = request.path().substring(1);
            JsonObject payload = new JsonObject(body);
            long delay = System.nanoTime() - payload.getLong("sent");
            String as = payload.getString("as");
            switch (behaviours.getOrDefault(name, Behaviour.OK)) {
                case OK -> accept(request, as, delay);
                case SLOW_OK -> vertx.setTimer(20, timer -> accept(request, as, delay));
                case FAIL -> request.response().setStatusCode(500).end();
                case HANG -> {}
            }
        });
    }

    private void accept(HttpServerRequest request, String name, long delay) {
        List<Long> own = delays.computeIfAbsent(name, absent -> new ArrayList<>());
        synchronized (own) {
            own.add(delay);
        }
        request.response().end();
    }
}
