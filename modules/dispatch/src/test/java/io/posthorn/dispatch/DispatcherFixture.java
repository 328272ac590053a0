package io.posthorn.dispatch;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.EgressConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.TlsOptions;
import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** A dispatcher with stub neighbours; every delivery has one attempt. */
final class DispatcherFixture implements AutoCloseable {
    final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    final StubNeighbours neighbours = Futures.resultOf(StubNeighbours.start(vertx, bus));

    void start(EgressConfig egress) {
        start(egress, Duration.ofSeconds(10));
    }

    void start(EgressConfig egress, Duration timeout) {
        String unused = Futures.resultOf(vertx.deployVerticle(new DispatchVerticle(
                Samples.settings(Samples.config(timeout, Duration.ofSeconds(1), null), Samples.retries(), egress),
                bus,
                new NodeId("node-1"),
                InstantSource.system(),
                new SimpleMeterRegistry())));
    }

    RawReceiver receiver(NetServerOptions options, BiConsumer<Integer, NetSocket> script) {
        return Futures.resultOf(RawReceiver.start(vertx, options, script));
    }

    void deliver(String url) {
        neighbours.add(once(endpoint(url)));
    }

    void deliver(String url, TlsOptions tls) {
        deliver(url, sending -> sending.withTls(tls));
    }

    void deliver(String url, UnaryOperator<Sending> change) {
        Endpoint endpoint = endpoint(url);
        neighbours.add(once(endpoint.withSending(change.apply(endpoint.sending()), Samples.NOW)));
    }

    Settlement settled(int count) {
        await().until(() -> neighbours.settled.size() >= count);
        return neighbours.settled.get(count - 1);
    }

    /** What the last of so many attempts says of how it ended. */
    String response(int count) {
        return settled(count).attempt().response();
    }

    private static Endpoint endpoint(String url) {
        return Samples.endpoint(url, null, new RetryPolicy(List.of(), 0), null, Samples.HMAC_KEY);
    }

    private static ClaimedDelivery once(Endpoint endpoint) {
        return Samples.delivery(endpoint);
    }

    @Override
    public void close() {
        Futures.resultOf(vertx.close());
    }
}
