package io.posthorn.architecture.scenario;

import static io.posthorn.testkit.Futures.resultOf;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.CircuitConfig;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.contract.NodeId;
import io.posthorn.dispatch.DispatchSettings;
import io.posthorn.dispatch.DispatchVerticle;
import io.posthorn.ratelimit.RateLimitVerticle;
import io.posthorn.storage.StorageVerticle;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/**
 * Storage, rate limiter and dispatcher as they are deployed, in this process, over the memory engine. All of them go by a clock that
 * stands still until it is moved; only attempts themselves take real time.
 */
final class ScenarioNode implements AutoCloseable {
    static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final EngineDriver store;

    ScenarioNode(Vertx vertx, ManualClock clock) {
        this.vertx = vertx;
        Bus bus = new Bus(vertx);
        StorageEngine engine = LocalEngines.memory(EngineOptions.defaults(), clock);
        store = new EngineDriver(engine, clock);
        deploy(new StorageVerticle(engine, bus, clock, () -> 0));
        deploy(new RateLimitVerticle(RateLimitConfig.defaults(), bus, clock, new SimpleMeterRegistry()));
        deploy(new DispatchVerticle(
                new DispatchSettings(
                        dispatch(), retry(), egress(), RateLimitConfig.defaults(), circuit(), Duration.ofDays(1)),
                bus,
                new NodeId("node-scenario"),
                clock,
                new SimpleMeterRegistry()));
    }

    /** The store, asked directly. */
    EngineDriver store() {
        return store;
    }

    private static DispatchConfig dispatch() {
        DispatchConfig usual = DispatchConfig.defaults();
        return new DispatchConfig(
                usual.maxInFlight(),
                32,
                usual.firstInFlightPerEndpoint(),
                usual.instances(),
                ATTEMPT_TIMEOUT,
                ATTEMPT_TIMEOUT,
                usual.maxResponseBytes(),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                Duration.ofDays(365),
                Duration.ofSeconds(5),
                null,
                usual.headers());
    }

    private static RetryConfig retry() {
        RetryConfig usual = RetryConfig.defaults();
        return new RetryConfig(
                List.of(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30)),
                null,
                null,
                usual.jitter(),
                null,
                List.of());
    }

    private static EgressConfig egress() {
        return EgressConfig.defaults().withAllow(List.of("127.0.0.0/8"));
    }

    private static CircuitConfig circuit() {
        return new CircuitConfig(5, Duration.ofSeconds(30), Duration.ofMinutes(10));
    }

    private void deploy(Deployable verticle) {
        String unused = resultOf(vertx.deployVerticle(verticle));
    }

    @Override
    public void close() {
        vertx.deploymentIDs().forEach(id -> resultOf(vertx.undeploy(id)));
    }
}
