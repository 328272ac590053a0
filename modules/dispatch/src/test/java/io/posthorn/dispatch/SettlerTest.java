package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Sending;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettlerTest {
    private static final Duration LEASE = Duration.ofSeconds(45);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock();
    private final Context context = vertx.getOrCreateContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DispatchMetrics metrics = new DispatchMetrics(registry);
    private final Slots slots = new Slots(10, metrics);
    private final List<Settlement> stored = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away = true;
    private Settler settler;

    @BeforeEach
    void start() {
        Object served = Futures.resultOf(bus.serve(Addresses.SETTLE, (request, deadline) -> {
            if (away) {
                refused.incrementAndGet();
                return Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the disk is full"));
            }
            stored.addAll(request.items());
            return Future.succeededFuture(new Batches.SettleResults(
                    request.items().stream().map(one -> SettleOutcome.SETTLED).toList()));
        }));
        assertThat(served).isNotNull();
        settler = new Settler(
                bus,
                slots,
                new VertxTimers(vertx, context),
                clock,
                new Backoff(RandomGenerator.of("SplittableRandom")),
                metrics);
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void resultIsStillStoredWhenStorageComesBackAfterTheLease() {
        // Given
        settle();
        await().until(() -> refused.get() > 1);

        // When
        clock.advance(LEASE.multipliedBy(2));
        int before = refused.get();
        await().until(() -> refused.get() > before + 1);
        away = false;

        // Then
        await().until(() -> stored.size() == 1);
        await().until(() -> slots.free() == 10);
        assertThat(lost()).isZero();
    }

    @Test
    void resultThatStorageNeverTakesIsDroppedInTheEndAndCounted() {
        // Given
        settle();
        await().until(() -> refused.get() > 0);

        // When
        clock.advance(LEASE.plus(Settler.LATEST));

        // Then
        await().until(() -> slots.free() == 10);
        assertThat(lost()).isEqualTo(1);
        assertThat(stored).isEmpty();
    }

    private double lost() {
        return registry.get("posthorn.settlements.lost").counter().count();
    }

    private void settle() {
        ClaimedDelivery delivery = delivery();
        context.runOnContext(nothing -> {
            slots.take(1);
            settler.settle(
                    delivery,
                    new Settlement(delivery.key(), delivery.fence(), new Settlement.Verdict.Succeeded(), null));
        });
    }

    private ClaimedDelivery delivery() {
        Instant now = clock.instant();
        ApplicationId app = ApplicationId.at(now.toEpochMilli());
        EndpointId endpoint = EndpointId.at(now.toEpochMilli());
        MessageId message = MessageId.at(now.toEpochMilli());
        return new ClaimedDelivery(
                new DeliveryKey(app, endpoint, message),
                1,
                now.plus(LEASE),
                1,
                Trigger.SCHEDULED,
                new Message(message, app, "a", null, Set.of(), now, now.plus(Duration.ofDays(90)), null),
                new Endpoint(
                        endpoint,
                        app,
                        null,
                        "https://example.com/",
                        "",
                        null,
                        false,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        List.of(),
                        Sending.AS_CONFIGURED,
                        null,
                        now,
                        now,
                        1));
    }
}
