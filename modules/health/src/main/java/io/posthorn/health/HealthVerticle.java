package io.posthorn.health;

import io.posthorn.bus.Bus;
import io.posthorn.config.HealthConfig;
import io.posthorn.contract.NodeId;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/** Serves {@code /health}, its probes and {@code /metrics} on the management port. One instance a node. */
public final class HealthVerticle extends VerticleBase {
    private static final long LOOK_MILLIS = 1_000;

    private final HealthConfig config;
    private final Bus bus;
    private final InstantSource clock;
    private final Readiness readiness;
    private final MetricsSource metrics;
    private final IntConsumer listening;
    private final Set<String> roles;
    private final JsonObject self;

    private HttpServer server;
    private long timer;

    /**
     * Serves nothing before it is deployed.
     *
     * @param roles the other roles of this node, asked by name
     * @param listening told the port when it listens
     */
    @SuppressWarnings("NullAway.Init") // set by start(), before anything else is called
    public HealthVerticle(
            HealthConfig config,
            Bus bus,
            InstantSource clock,
            NodeId node,
            String version,
            Set<String> roles,
            Readiness readiness,
            MetricsSource metrics,
            IntConsumer listening) {
        this.config = config;
        this.bus = bus;
        this.clock = clock;
        this.readiness = readiness;
        this.metrics = metrics;
        this.listening = listening;
        this.roles = roles;
        this.self = new JsonObject()
                .put("node", node.value())
                .put("version", version)
                .put("roles", new JsonArray(List.copyOf(roles)));
    }

    /** Completes when the port is open. */
    @Override
    public Future<?> start() {
        RoleChecks checks = new RoleChecks(vertx, bus, roles, config.checkTimeout());
        HealthRoutes routes = new HealthRoutes(
                checks,
                readiness,
                metrics,
                new Counts(metrics, bus, clock, config.checkTimeout(), config.metricsApplications()),
                self,
                new Nodes(bus, config.checkTimeout()));
        Router router = Router.router(vertx);
        routes.mount(router);
        timer = vertx.setPeriodic(
                LOOK_MILLIS,
                tick -> checks.report().onSuccess(report -> readiness.roles(report.status(), report.trouble())));
        server = vertx.createHttpServer().requestHandler(router);
        return server.listen(config.port(), config.host()).onSuccess(open -> listening.accept(open.actualPort()));
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        return server.close();
    }
}
