package io.posthorn.app;

import io.posthorn.bus.Bus;
import io.posthorn.config.Settings;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.Secret;
import io.posthorn.health.Readiness;
import io.posthorn.observability.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A node with everything that it stands on: Vert.x, bus, metrics. Its methods block and are called on the main thread. */
final class Program {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Node node;
    private final Listening listening;
    private final Duration stopTimeout;

    private Program(Vertx vertx, Node node, Listening listening, Duration stopTimeout) {
        this.vertx = vertx;
        this.node = node;
        this.listening = listening;
        this.stopTimeout = stopTimeout;
    }

    /**
     * Puts a node together; nothing runs yet.
     *
     * @param secret signs and verifies tokens
     */
    static Program of(Settings settings, Secret secret, Set<Role> roles) {
        Vertx vertx = Vertx.builder()
                .withTransport(Transports.best())
                .with(new VertxOptions()
                        .setEventLoopPoolSize(Table.eventLoops(settings))
                        .setFileSystemOptions(new FileSystemOptions()
                                .setClassPathResolvingEnabled(false)
                                .setFileCachingEnabled(false)))
                .build();
        Listening listening = new Listening(settings);
        NodeId name = nodeId();
        InstantSource clock = InstantSource.system();
        NodeMetrics metrics = new NodeMetrics(
                new Metrics(Version.current(), name.value()),
                clock,
                settings.observability().metrics());
        metrics.watchEventLoop(vertx);
        Readiness readiness = new Readiness();
        Table table = new Table(
                settings,
                new Engines(settings, clock, vertx),
                secret,
                new Bus(vertx),
                clock,
                name,
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
        return new Program(vertx, node, listening, table.stopTimeout(roles));
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

    /** A new name for every run, since a name that comes back would seem to hold its old leases. */
    private static NodeId nodeId() {
        return new NodeId("node-" + UUID.randomUUID());
    }
}
