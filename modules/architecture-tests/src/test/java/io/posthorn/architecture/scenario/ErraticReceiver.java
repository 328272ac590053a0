package io.posthorn.architecture.scenario;

import static io.posthorn.testkit.Futures.resultOf;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The receivers of all endpoints of a scenario: a path for each, whose behaviour can change at any time. */
final class ErraticReceiver {
    private final HttpServer server;
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, Set<String>> accepted = new ConcurrentHashMap<>();
    private final SplittableRandom random;

    /** What a receiver does with a request. */
    enum Behaviour {
        /** Answers 200. */
        WORKS,
        /** Answers 500 half of the time, else 200. */
        STUMBLES,
        /** Answers 500. */
        FAILS,
        /** Answers 503 and asks for twenty seconds. */
        BUSY,
        /** Answers 429 and says nothing more. */
        FLOODED,
        /** Closes the connection without an answer. */
        HANGS_UP,
        /** Never answers. */
        HANGS
    }

    ErraticReceiver(Vertx vertx, long seed) {
        random = new SplittableRandom(seed);
        server = resultOf(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    String url(int number) {
        return "http://127.0.0.1:" + server.actualPort() + path(number);
    }

    void behave(int number, Behaviour behaviour) {
        behaviours.put(path(number), behaviour);
    }

    /** The messages that were answered with 200. */
    Set<String> accepted(int number) {
        return accepted.getOrDefault(path(number), Set.of());
    }

    /** How many requests came, to all of them. */
    int requests() {
        return requests.get();
    }

    private static String path(int number) {
        return "/" + number;
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            requests.incrementAndGet();
            Behaviour behaviour = behaviours.getOrDefault(request.path(), Behaviour.WORKS);
            switch (behaviour) {
                case WORKS -> accept(request);
                case STUMBLES -> {
                    if (stumbles()) {
                        answer(request, 500);
                    } else {
                        accept(request);
                    }
                }
                case FAILS -> answer(request, 500);
                case BUSY -> {
                    request.response().putHeader("retry-after", "20");
                    answer(request, 503);
                }
                case FLOODED -> answer(request, 429);
                case HANGS_UP -> request.connection().close().onComplete(closed -> {});
                case HANGS -> {}
            }
        });
    }

    private synchronized boolean stumbles() {
        return random.nextBoolean();
    }

    private void accept(HttpServerRequest request) {
        accepted.computeIfAbsent(request.path(), first -> ConcurrentHashMap.newKeySet())
                .add(request.getHeader("webhook-id"));
        answer(request, 200);
    }

    private static void answer(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end().onComplete(sent -> {});
    }
}
