package io.posthorn.app;

import io.posthorn.bus.Bus;
import io.posthorn.config.Settings;
import io.posthorn.contract.Secret;
import io.posthorn.health.Readiness;
import io.posthorn.observability.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node with everything that it stands on: Vert.x, bus, metrics. Its methods block and are called on the main thread. */
final class Program {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Node node;
    private final Listening listening;
    private final Duration stopTimeout;
    private final Foundation foundation;

    private Program(Foundation foundation, Node node, Listening listening, Duration stopTimeout) {
        this.foundation = foundation;
        this.vertx = foundation.vertx();
        this.node = node;
        this.listening = listening;
        this.stopTimeout = stopTimeout;
    }

    /**
     * Puts a node together, and joins its cluster if it has one; none of its roles runs yet.
     *
     * @param secret signs and verifies tokens; null only without the role ingestion
     */
    static Program of(Settings settings, @Nullable Secret secret, Set<Role> roles)
            throws StartRefused, InterruptedException {
        Foundation foundation = Foundation.of(settings);
        Vertx vertx = foundation.vertx();
        Listening listening = new Listening(settings);
        InstantSource clock = InstantSource.system();
        NodeMetrics metrics = new NodeMetrics(
                new Metrics(Version.current(), foundation.node().value()),
                clock,
                settings.observability().metrics());
        metrics.watchEventLoop(vertx);
        Readiness readiness = new Readiness();
        Table table = new Table(
                settings,
                new Engines(settings, clock, vertx),
                secret,
                new Bus(vertx, foundation.peers().routes()),
                clock,
                foundation,
                metrics,
                readiness,
                listening);
        Node node = new Node(Deployer.on(vertx), table.of(roles), ready -> {
            if (ready) {
                readiness.ready();
            } else {
                readiness.stopping();
            }
        });
        return new Program(foundation, node, listening, table.stopTimeout(roles));
    }

    /** Starts every role; refuses with one line that says why one did not. */
    void start() throws StartRefused, InterruptedException {
        Waiting.startOf(
                node.start(),
                Map.of(
                        Role.INGESTION.lowerCase(), listening.apiAddress(),
                        Role.HEALTH.lowerCase(), listening.managementAddress()));
    }

    /** Stops every role in reverse order, each within its own time, then Vert.x. Does no harm when it does not run. */
    void stop() throws InterruptedException {
        Future<Void> end = node.stop().transform(done -> vertx.close());
        boolean unused = Waiting.endOf(end, stopTimeout.plus(CLOSE_TIMEOUT));
    }

    /** For what lives beside the node in the same process. */
    Vertx vertx() {
        return vertx;
    }

    String managementAddress() {
        return listening.managementAddress();
    }

    String apiAddress() {
        return listening.apiAddress();
    }

    /** Where it is a member of a cluster; empty when it is alone. */
    String clusterAddress() {
        return foundation.address() == null ? "" : foundation.address();
    }

    String nodeName() {
        return foundation.node().value();
    }
}
