package io.posthorn.app;

import io.posthorn.contract.AuditReport;
import io.posthorn.ingestion.AuditJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has a running node recount its store, over its API. */
final class AuditCalls {
    private static final String PATH = "/api/v1/audit";
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final long PAUSE_MILLIS = 250;
    private static final int MAX_SHOWN = 200;

    private final Vertx vertx;
    private final HttpClient client;
    private final URI server;
    private final String token;

    /** @param server scheme, host and port of the API */
    AuditCalls(Vertx vertx, URI server, String token) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
        this.server = server;
        this.token = token;
    }

    /**
     * Begins a recount and follows it to its end.
     *
     * @param progress told of each answer while it runs
     * @return fails with a {@link StartRefused} that says why there is no report
     */
    Future<AuditReport> run(boolean repair, Consumer<AuditReport.Progress> progress) {
        return ask(HttpMethod.POST, new JsonObject().put("repair", repair).toBuffer())
                .compose(begun -> follow(begun, progress));
    }

    private Future<AuditReport> follow(AuditReport.Progress now, Consumer<AuditReport.Progress> progress) {
        if (now.running()) {
            progress.accept(now);
            return vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(late -> ask(HttpMethod.GET, Buffer.buffer()))
                    .compose(next -> follow(next, progress));
        }
        if (!now.failure().isEmpty()) {
            return refused("the recount failed: " + now.failure());
        }
        return now.last().isEmpty()
                ? refused("the node knows of no recount: it was started anew meanwhile, or another node answered")
                : Future.succeededFuture(now.last().get(0));
    }

    private Future<AuditReport.Progress> ask(HttpMethod method, Buffer body) {
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(server.resolve(PATH).toString())
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("authorization", "Bearer " + token);
        if (body.length() > 0) {
            request.putHeader("content-type", "application/json");
        }
        return client.request(request)
                .compose(ready -> ready.send(body))
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text.toString())))
                .recover(cause -> refused("cannot ask " + server + ": " + cause.getMessage()))
                .compose(this::read);
    }

    private record Answer(int status, String text) {}

    private Future<AuditReport.Progress> read(Answer answer) {
        if (answer.status() / 100 != 2) {
            String shown =
                    answer.text().substring(0, Math.min(MAX_SHOWN, answer.text().length()));
            return refused(server + " answered " + answer.status() + ": " + shown);
        }
        try {
            return Future.succeededFuture(AuditJson.readProgress(new JsonObject(answer.text())));
        } catch (DecodeException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            return refused(server + " does not answer as this version of Posthorn does");
        }
    }

    private static <T> Future<T> refused(String why) {
        return Future.failedFuture(new StartRefused(why));
    }
}
