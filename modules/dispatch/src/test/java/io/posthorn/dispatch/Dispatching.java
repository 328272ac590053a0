package io.posthorn.dispatch;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** A dispatcher between stubs, which may dial 127.0.0.0/8 and ::1. Closes everything that runs on its Vert.x. */
final class Dispatching implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final StubNeighbours neighbours;
    private final Bus bus = new Bus(vertx);

    Dispatching() {
        neighbours = Futures.resultOf(StubNeighbours.start(vertx, bus));
    }

    void deploy(DispatchConfig config, EgressConfig egress) {
        Futures.resultOf(vertx.deployVerticle(new DispatchVerticle(
                Samples.settings(config, Samples.retries(), egress),
                bus,
                new NodeId("node-1"),
                InstantSource.system(),
                registry)));
    }

    /** With so long for an attempt, and two seconds to connect. */
    void deploy(Duration timeout) {
        DispatchConfig config = Samples.config(timeout, Duration.ofSeconds(1), null);
        deploy(config, loopback(null));
    }

    static EgressConfig loopback(String nameServer) {
        return Samples.egress(List.of("127.0.0.0/8", "::1/128"), nameServer);
    }

    /** Makes the only attempt of a delivery, and answers its record. */
    Attempt attempt(String url) {
        int before = neighbours.settled.size();
        neighbours.add(once(url));
        await().atMost(Duration.ofSeconds(20)).until(() -> neighbours.settled.size() > before);
        return neighbours.settled.get(before).attempt();
    }

    static ClaimedDelivery once(String url) {
        return Samples.delivery(Samples.endpoint(url, null, new RetryPolicy(List.of(), 0), null, Samples.HMAC_KEY));
    }

    @Override
    public void close() {
        Futures.resultOf(vertx.close());
    }
}
