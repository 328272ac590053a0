package io.posthorn.health;

import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The pages of the management port. Verticle context. */
final class HealthRoutes {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final RoleChecks roles;
    private final Readiness readiness;
    private final MetricsSource metrics;
    private final Counts counts;
    private final JsonObject self;
    private final Nodes nodes;

    /** @param self what this node tells of itself: its name, version and roles */
    HealthRoutes(
            RoleChecks roles, Readiness readiness, MetricsSource metrics, Counts counts, JsonObject self, Nodes nodes) {
        this.roles = roles;
        this.readiness = readiness;
        this.metrics = metrics;
        this.counts = counts;
        this.self = self;
        this.nodes = nodes;
    }

    void mount(Router router) {
        route(router, "/health").handler(this::health);
        route(router, "/health/live").handler(context -> answer(context, OK, new JsonObject().put("status", "live")));
        route(router, "/health/ready").handler(context -> probe(context, readiness.isReady(), "ready", "not ready"));
        route(router, "/health/started")
                .handler(context -> probe(context, readiness.isStarted(), "started", "starting"));
        route(router, "/metrics").handler(this::metrics);
        router.errorHandler(NOT_FOUND, context -> error(context, NOT_FOUND, "not_found", "there is no such path"));
        router.errorHandler(
                METHOD_NOT_ALLOWED,
                context -> error(context, METHOD_NOT_ALLOWED, "method_not_allowed", "this path is for GET"));
    }

    /** HEAD is answered like GET, without its body. */
    private static Route route(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private void health(RoutingContext context) {
        Future<?> counted = counts.refresh();
        Future<Nodes.Report> known = nodes.report();
        roles.report()
                // The counts are shown where they come, and no reason to answer something else.
                .compose(report -> counted.transform(done -> Future.succeededFuture(report)))
                .compose(report -> known.map(cluster -> body(report, cluster)))
                .onSuccess(body -> answer(context, isUnhealthy(body) ? UNAVAILABLE : OK, body))
                .onFailure(cause -> error(context, UNAVAILABLE, "internal", "the checks could not be made"));
    }

    private JsonObject body(RoleChecks.Report report, Nodes.Report cluster) {
        JsonObject checks = report.checks();
        if (!cluster.checks().isEmpty()) {
            checks.put("cluster", cluster.checks());
        }
        return new JsonObject()
                .put("status", RoleChecks.lowerCase(RoleChecks.worst(report.status(), cluster.status())))
                .put("node", self.getString("node"))
                .put("version", self.getString("version"))
                .put("checks", checks)
                .put("backlog", counts.backlog())
                .put("nodes", cluster.nodes());
    }

    private static boolean isUnhealthy(JsonObject body) {
        return body.getString("status").equals(RoleChecks.lowerCase(RoleHealth.Status.UNHEALTHY));
    }

    private void probe(RoutingContext context, boolean yes, String whenYes, String whenNo) {
        answer(context, yes ? OK : UNAVAILABLE, new JsonObject().put("status", yes ? whenYes : whenNo));
    }

    private void metrics(RoutingContext context) {
        // Where storage does not answer, the counts of last time are shown rather than no metrics at all.
        counts.refresh().onComplete(refreshed -> {
            HttpServerResponse response = secured(context).putHeader("content-type", metrics.contentType());
            response.end(metrics.scrape());
        });
    }

    private static void error(RoutingContext context, int status, String code, String detail) {
        answer(context, status, new JsonObject().put("code", code).put("detail", detail));
    }

    private static void answer(RoutingContext context, int status, JsonObject body) {
        secured(context)
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toBuffer());
    }

    private static HttpServerResponse secured(RoutingContext context) {
        return context.response().putHeader("cache-control", "no-store").putHeader("x-content-type-options", "nosniff");
    }
}
