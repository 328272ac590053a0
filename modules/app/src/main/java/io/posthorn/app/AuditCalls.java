package io.posthorn.app;

import io.posthorn.contract.AuditReport;
import io.posthorn.ingestion.AuditJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has a running node recount its store, over its API. */
final class AuditCalls {
    private static final String PATH = "/api/v1/audit";
    private static final long PAUSE_MILLIS = 250;

    private final Vertx vertx;
    private final NodeCalls node;

    /** @param server scheme, host and port of the API */
    AuditCalls(Vertx vertx, URI server, String token) {
        this.vertx = vertx;
        this.node = new NodeCalls(vertx, server, token);
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
            return NodeCalls.refused("the recount failed: " + now.failure());
        }
        return now.last().isEmpty()
                ? NodeCalls.refused(
                        "the node knows of no recount: it was started anew meanwhile, or another node answered")
                : Future.succeededFuture(now.last().get(0));
    }

    private Future<AuditReport.Progress> ask(HttpMethod method, Buffer body) {
        return node.ask(method, PATH, body, AuditJson::readProgress);
    }
}
