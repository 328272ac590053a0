package io.posthorn.ingestion;

import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Serves the HTTP API and the event bus entrance on one event loop; several may share the port. */
public final class IngestionVerticle extends VerticleBase {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final IngestionConfig config;
    private final IngestionSettings settings;
    private final Bus bus;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final Admission admission;
    private final IntConsumer listening;
    private @Nullable HttpServer server;
    private @Nullable Served health;
    private @Nullable MessageConsumer<Object> events;

    /**
     * @param admission one for all instances of the node
     * @param listening told the actual port of each instance, on its event loop
     */
    public IngestionVerticle(
            IngestionSettings settings,
            Bus bus,
            InstantSource clock,
            MeterRegistry registry,
            Admission admission,
            IntConsumer listening) {
        this.config = settings.config();
        this.settings = settings;
        this.bus = bus;
        this.clock = clock;
        this.registry = registry;
        this.admission = admission;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        IngestionMetrics metrics = new IngestionMetrics(registry, admission.pending());
        Catalogue catalogue = new Catalogue(
                bus, time -> vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty());
        Consumer<Runnable> nextTurn = turn -> context.runOnContext(next -> turn.run());
        MessageAcceptance acceptance = new MessageAcceptance(bus, catalogue, clock, config.requestTimeout(), nextTurn);
        Router router = Router.router(vertx);
        new ApiServer(
                        config,
                        new Authentication(config, clock),
                        admission,
                        metrics,
                        new BodyDeadline(
                                nextTurn,
                                millis -> vertx.timer(millis, TimeUnit.MILLISECONDS),
                                config.requestTimeout()))
                .mount(router, new Api(settings, bus, clock, catalogue, acceptance).routes());
        BusEvents busEvents = new BusEvents(acceptance, admission.pending(), metrics, config.requestTimeout());
        return listen(router).compose(port -> serveBus(busEvents)).onSuccess(served -> listening.accept(port()));
    }

    private Future<HttpServer> listen(Router router) {
        HttpServer created = vertx.createHttpServer(HttpServers.options(config)).requestHandler(router);
        server = created;
        return created.listen();
    }

    private Future<Served> serveBus(BusEvents busEvents) {
        MessageConsumer<Object> consumer = vertx.eventBus().consumer(Addresses.MESSAGES);
        events = consumer;
        consumer.handler(busEvents::answer);
        return consumer.completion()
                .compose(done ->
                        bus.serve(Addresses.healthOf("ingestion"), (ask, deadline) -> Future.succeededFuture(health())))
                .onSuccess(served -> health = served);
    }

    private RoleHealth health() {
        RoleHealth.Check http = new RoleHealth.Check("http", RoleHealth.Status.HEALTHY, "listening on port " + port());
        return new RoleHealth("ingestion", List.of(http, admission.pending().health()));
    }

    private int port() {
        return server == null ? 0 : server.actualPort();
    }

    @Override
    public Future<?> stop() {
        Future<Void> quiet = events == null ? Future.succeededFuture() : events.unregister();
        Future<Void> unserved = health == null ? Future.succeededFuture() : health.stop();
        Future<Void> closed = server == null
                ? Future.succeededFuture()
                : server.shutdown(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        return Future.join(quiet, unserved, closed);
    }
}
