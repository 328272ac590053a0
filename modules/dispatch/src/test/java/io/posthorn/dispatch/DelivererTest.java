package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.WaitCause;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DelivererTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock();
    private final Context context = vertx.getOrCreateContext();
    private final DispatchMetrics metrics = new DispatchMetrics(new SimpleMeterRegistry());
    private final Slots slots = new Slots(10, metrics);
    private final List<Settlement> stored = new CopyOnWriteArrayList<>();
    private final List<QueueControl> controls = new CopyOnWriteArrayList<>();
    private final SlowReceivers slow = new SlowReceivers(1);

    @BeforeEach
    void serveSettlements() {
        Object served = Futures.resultOf(bus.serve(Addresses.SETTLE, (request, deadline) -> {
            stored.addAll(request.items());
            return Future.succeededFuture(new Batches.SettleResults(
                    request.items().stream().map(one -> SettleOutcome.SETTLED).toList()));
        }));
        assertThat(served).isNotNull();
        Object parked = Futures.resultOf(bus.serve(Addresses.CONTROL, (request, deadline) -> {
            controls.addAll(request.items());
            return Future.succeededFuture(new Requests.Done());
        }));
        assertThat(parked).isNotNull();
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void whatCannotBeginInsideItsLeaseIsPutBackUnsent() {
        // Given: a process that stood still between its claim and the answer
        ClaimedDelivery delivery = Samples.delivery(Samples.endpoint("https://receiver.example.com/hook"));
        long over = System.nanoTime() - Duration.ofMillis(1).toNanos();

        // When
        context.runOnContext(nothing -> withoutSender().accept(List.of(delivery), over));

        // Then
        await().until(() -> !stored.isEmpty());
        assertThat(stored)
                .containsExactly(new Settlement(
                        delivery.key(),
                        delivery.fence(),
                        new Settlement.Verdict.Deferred(clock.instant(), WaitCause.READY),
                        null));
    }

    @Test
    void slowReceiversThatHaveTheirShareGetNoMore() {
        // Given
        ClaimedDelivery delivery = Samples.delivery(Samples.endpoint("https://receiver.example.com/hook"));
        slow.began(delivery.key().endpoint());
        slow.slowed(delivery.key().endpoint());
        long never = System.nanoTime() + Duration.ofHours(1).toNanos();

        // When
        context.runOnContext(nothing -> withoutSender().accept(List.of(delivery), never));

        // Then
        await().until(() -> !stored.isEmpty() && !controls.isEmpty());
        Instant later = clock.instant().plusSeconds(1);
        assertThat(stored)
                .containsExactly(new Settlement(
                        delivery.key(),
                        delivery.fence(),
                        new Settlement.Verdict.Deferred(later, WaitCause.CONCURRENCY_FULL),
                        null));
        assertThat(controls)
                .containsExactly(new QueueControl.Park(
                        delivery.key().application(), delivery.key().endpoint(), later, WaitCause.CONCURRENCY_FULL, 1));
    }

    /** One that cannot send: an attempt would end in an exception, and nothing would be settled. */
    @SuppressWarnings("NullAway")
    private Deliverer withoutSender() {
        VertxTimers timers = new VertxTimers(vertx, context);
        Backoff backoff = new Backoff(RandomGenerator.of("SplittableRandom"));
        Parking parking = new Parking(bus, timers, clock, backoff);
        return new Deliverer(
                slots,
                new Permits(bus, parking, clock, false),
                null,
                null,
                new Settler(bus, slots, timers, clock, backoff, metrics),
                parking,
                metrics,
                new UnderWay(timers, Duration.ofSeconds(15), System::nanoTime, slow),
                clock);
    }
}
