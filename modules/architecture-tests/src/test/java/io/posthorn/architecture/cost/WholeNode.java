package io.posthorn.architecture.cost;

import static io.posthorn.testkit.Futures.resultOf;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.config.CircuitConfig;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.IngestionConfig;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.config.ValidationConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Application;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Secret;
import io.posthorn.dispatch.DispatchSettings;
import io.posthorn.dispatch.DispatchVerticle;
import io.posthorn.ingestion.Admission;
import io.posthorn.ingestion.IngestionSettings;
import io.posthorn.ingestion.IngestionVerticle;
import io.posthorn.ingestion.PendingGate;
import io.posthorn.ingestion.RequestLimits;
import io.posthorn.ingestion.TokenIssuer;
import io.posthorn.ratelimit.RateLimitVerticle;
import io.posthorn.storage.StorageVerticle;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.Fixtures;
import io.posthorn.validation.EventSchemas;
import io.posthorn.validation.ValidationVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** All roles of a message's way in this process, over the memory engine, with one application, one endpoint and its receiver. */
final class WholeNode implements AutoCloseable {
    private static final Secret SECRET = new Secret("0123456789abcdef0123456789abcdef");
    private static final Duration RETENTION = Duration.ofDays(90);
    private static final String EVENT = "{\"eventType\":\"cost.measured\",\"payload\":{\"text\":\"";

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final InstantSource clock = InstantSource.system();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicInteger apiPort = new AtomicInteger();
    private final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(64));
    private final Application application = new Fixtures(clock).application();
    private final String token;

    WholeNode() {
        token = TokenIssuer.organizationToken(SECRET, OrganizationId.DEFAULT, Duration.ofHours(1), Instant.now());
        deploy(new StorageVerticle(LocalEngines.memory(EngineOptions.defaults(), clock), bus, clock, () -> 0));
        deploy(new RateLimitVerticle(RateLimitConfig.defaults(), bus, clock, new SimpleMeterRegistry()));
        ValidationConfig validation = ValidationConfig.defaults();
        deploy(new ValidationVerticle(validation, RETENTION, new EventSchemas(validation), bus));
        save();
        deploy(dispatch());
        deploy(ingestion());
    }

    Vertx vertx() {
        return vertx;
    }

    /** How many deliveries the receiver has got. */
    long delivered() {
        return delivered.get();
    }

    /** Hands so many events to the event bus at once; completes with their number when all are accepted. */
    Future<Integer> burst(int events) {
        JsonObject request = new JsonObject()
                .put("application", application.id().value())
                .put("organization", application.organization().value())
                .put("eventType", "cost.measured")
                .put("payload", new JsonObject().put("text", "short"));
        List<Future<?>> answers = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            answers.add(vertx.eventBus().request(Addresses.MESSAGES, request));
        }
        return Future.all(answers).map(events);
    }

    /** Hands events with payloads of about that many bytes to the API, so many at a time; completes with their number. */
    Future<Integer> post(int events, int payloadBytes, int atATime) {
        Buffer body = Buffer.buffer(EVENT + "x".repeat(payloadBytes) + "\"}}");
        AtomicInteger left = new AtomicInteger(events);
        List<Future<?>> lanes = new ArrayList<>();
        for (int i = 0; i < atATime; i++) {
            lanes.add(next(body, left));
        }
        return Future.all(lanes).map(events);
    }

    private Future<?> next(Buffer body, AtomicInteger left) {
        if (left.getAndDecrement() <= 0) {
            return Future.succeededFuture();
        }
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(apiPort.get())
                .setMethod(HttpMethod.POST)
                .setURI("/api/v1/app/" + application.id().value() + "/msg?with_content=false");
        return client.request(options)
                .compose(request -> request.putHeader("authorization", "Bearer " + token)
                        .putHeader("content-type", "application/json")
                        .send(body))
                .compose(response -> response.statusCode() == 202
                        ? response.end()
                        : Future.failedFuture("answered " + response.statusCode()))
                .compose(done -> next(body, left));
    }

    private void save() {
        HttpServer receiver = resultOf(vertx.createHttpServer()
                .requestHandler(request -> request.endHandler(end -> {
                            delivered.incrementAndGet();
                            request.response().setStatusCode(204).end();
                        })
                        .resume())
                .listen(0, "127.0.0.1"));
        Fixtures fixtures = new Fixtures(clock);
        store(new Requests.Save(application, null));
        store(new Requests.Save(
                fixtures.endpoint(application.id())
                        .url("http://127.0.0.1:" + receiver.actualPort() + "/hook")
                        .build(),
                null));
    }

    private void store(Requests.Save save) {
        var stored = resultOf(bus.request(Addresses.SAVE, save, Deadline.after(Duration.ofSeconds(10))));
        if (!(stored instanceof io.posthorn.contract.SaveOutcome.Saved)) {
            throw new IllegalStateException("not stored: " + stored);
        }
    }

    private DispatchVerticle dispatch() {
        EgressConfig egress = EgressConfig.defaults().withAllow(List.of("127.0.0.0/8"));
        return new DispatchVerticle(
                new DispatchSettings(
                        DispatchConfig.defaults(),
                        RetryConfig.defaults(),
                        egress,
                        RateLimitConfig.defaults(),
                        CircuitConfig.defaults(),
                        RETENTION),
                bus,
                new NodeId("node-cost"),
                clock,
                new SimpleMeterRegistry());
    }

    private IngestionVerticle ingestion() {
        IngestionConfig usual = IngestionConfig.defaults();
        IngestionConfig config = new IngestionConfig(
                usual.host(),
                0,
                usual.maxBodyBytes(),
                usual.maxPending(),
                usual.requestTimeout(),
                1,
                SECRET,
                usual.jwtPublicKey(),
                usual.rateLimit(),
                usual.rateLimitWindow());
        return new IngestionVerticle(
                new IngestionSettings(config, RETENTION, RetryConfig.defaults().sending(DispatchConfig.defaults())),
                bus,
                clock,
                new SimpleMeterRegistry(),
                new Admission(
                        new PendingGate(
                                config.maxPending(), Runtime.getRuntime().maxMemory() / 4),
                        new RequestLimits(config, clock)),
                apiPort::set);
    }

    private void deploy(Deployable verticle) {
        if (resultOf(vertx.deployVerticle(verticle)) == null) {
            throw new IllegalStateException("not deployed");
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
