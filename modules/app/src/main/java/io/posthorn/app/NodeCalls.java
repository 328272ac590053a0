package io.posthorn.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a running node over its API. */
final class NodeCalls {
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final int MAX_SHOWN = 200;

    private final HttpClient client;
    private final URI server;
    private final String token;

    /** @param server scheme, host and port of the API */
    NodeCalls(Vertx vertx, URI server, String token) {
        this.client = vertx.createHttpClient();
        this.server = server;
        this.token = token;
    }

    /** What is wrong with the address of a node; null when nothing is. */
    static @Nullable String problem(URI server) {
        String scheme = String.valueOf(server.getScheme());
        return server.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))
                ? server + " (expected: http://host:port or https://host:port)"
                : null;
    }

    /**
     * Sends a request.
     *
     * @param read makes the result of the answer; what it throws means that the answer is not one of this version
     * @return fails with a {@link StartRefused} that says why there is no answer
     */
    <T> Future<T> ask(HttpMethod method, String path, Buffer body, Function<JsonObject, T> read) {
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(server.resolve(path).toString())
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("authorization", "Bearer " + token);
        if (body.length() > 0) {
            request.putHeader("content-type", "application/json");
        }
        return client.request(request)
                .compose(ready -> ready.send(body))
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text.toString())))
                .recover(cause -> refused("cannot ask " + server + ": " + cause.getMessage()))
                .compose(answer -> read(answer, read));
    }

    private record Answer(int status, String text) {}

    private <T> Future<T> read(Answer answer, Function<JsonObject, T> read) {
        if (answer.status() / 100 != 2) {
            String shown =
                    answer.text().substring(0, Math.min(MAX_SHOWN, answer.text().length()));
            return refused(server + " answered " + answer.status() + ": " + shown);
        }
        try {
            return Future.succeededFuture(read.apply(new JsonObject(answer.text())));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return refused(server + " does not answer as this version of Posthorn does");
        }
    }

    static <T> Future<T> refused(String why) {
        return Future.failedFuture(new StartRefused(why));
    }
}
