package io.posthorn.app.demo;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A program that gets webhooks: verifies each and answers with the status that it is told to. */
public final class Receiver {
    /** How many message ids it remembers to count attempts; the eldest are forgotten. */
    private static final int REMEMBERED = 100_000;

    private final HttpServer server;
    private final @Nullable SignatureCheck check;
    private final ToIntFunction<Arrival> verdict;
    private final Cache<String, AtomicInteger> attempts =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /**
     * Makes a receiver that does not listen yet.
     *
     * @param check null: signatures are not checked
     * @param verdict the status to answer with; called on an event loop
     */
    public Receiver(Vertx vertx, @Nullable SignatureCheck check, ToIntFunction<Arrival> verdict) {
        this.server = vertx.createHttpServer(new HttpServerOptions());
        this.check = check;
        this.verdict = verdict;
    }

    /** Listens; completes with the port. */
    public Future<Integer> listen(String host, int port) {
        return server.requestHandler(this::receive).listen(port, host).map(HttpServer::actualPort);
    }

    /** Stops listening. */
    public Future<Void> close() {
        return server.close();
    }

    private void receive(HttpServerRequest request) {
        request.body()
                .map(body -> verdict.applyAsInt(arrivalOf(request, body)))
                .recover(cause -> Future.succeededFuture(500))
                .compose(status -> request.response().setStatusCode(status).end())
                .onFailure(cause -> request.connection().close());
    }

    private Arrival arrivalOf(HttpServerRequest request, Buffer body) {
        String id = request.headers().contains("webhook-id") ? request.getHeader("webhook-id") : "";
        int attempt = attempts.get(id, absent -> new AtomicInteger()).incrementAndGet();
        String problem = check == null ? null : check.problemOf(request.headers(), body);
        return new Arrival(id, attempt, body, check != null, problem);
    }
}
