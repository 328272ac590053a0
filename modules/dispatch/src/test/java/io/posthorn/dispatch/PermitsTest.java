package io.posthorn.dispatch;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PermitRequest;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Throttle;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PermitsTest {
    private final Vertx vertx = Vertx.vertx();
    private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    private final Bus bus = new Bus(vertx);
    private final ManualClock clock = new ManualClock();
    private final List<PermitRequest> asked = new CopyOnWriteArrayList<>();
    private final List<QueueControl> controls = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serveControls() {
        resultOf(bus.serve(Addresses.CONTROL, (request, deadline) -> {
            controls.addAll(request.items());
            return Future.succeededFuture(new Requests.Done());
        }));
    }

    @AfterEach
    void close() {
        resultOf(vertx.close());
    }

    @Test
    void needsPermitsWhereverThereIsALimit() {
        // Given
        ClaimedDelivery free = delivery(endpoint(null), null);
        ClaimedDelivery limited = delivery(endpoint(5), null);
        ClaimedDelivery shared = delivery(endpoint(null), 5);

        // Then
        assertThat(permits(false).limits(free)).isFalse();
        assertThat(permits(true).limits(free)).isTrue();
        assertThat(permits(false).limits(limited)).isTrue();
        assertThat(permits(false).limits(shared)).isTrue();
    }

    @Test
    void asksOnceForAllOfAnEndpointUnderBothLimits() {
        // Given
        grant(new PermitGrant(1, clock.instant(), 1));
        Endpoint endpoint = endpoint(5);

        // When
        Permits.Split split = ask(List.of(delivery(endpoint, 7), delivery(endpoint, 7)));

        // Then
        assertThat(asked)
                .containsExactly(new PermitRequest(
                        endpoint.application(),
                        endpoint.id(),
                        endpoint.version(),
                        Throttle.of(5, Duration.ofSeconds(1)),
                        Throttle.of(7, Duration.ofSeconds(1)),
                        2));
        assertThat(split.permitted()).hasSize(1);
        assertThat(split.denied()).hasSize(1);
    }

    @Test
    void deniedDeliveryWaitsASecondAtMostAndLeavesItsQueueToTheStore() {
        // Given
        grant(new PermitGrant(0, clock.instant().plus(Duration.ofHours(1)), 1));

        // When
        Permits.Split split = ask(List.of(delivery(endpoint(5), null)));

        // Then
        assertThat(split.denied())
                .extracting(Permits.Denied::until)
                .containsExactly(clock.instant().plusSeconds(1));
        assertThat(controls).isEmpty();
    }

    @Test
    void whileNobodyAnswersLimitedEndpointsWaitASecondAtATime() {
        // Given
        Endpoint endpoint = endpoint(5);
        Instant later = clock.instant().plusSeconds(1);

        // When
        Permits.Split split = ask(List.of(delivery(endpoint, null)));

        // Then
        assertThat(split.denied()).extracting(Permits.Denied::until).containsExactly(later);
        await().until(() -> !controls.isEmpty());
        assertThat(controls)
                .containsExactly(
                        new QueueControl.Park(endpoint.application(), endpoint.id(), later, WaitCause.RATE_LIMITED, 1));
    }

    private void grant(PermitGrant grant) {
        resultOf(bus.serve(Addresses.PERMITS, (request, deadline) -> {
            asked.addAll(request.items());
            return Future.succeededFuture(new Batches.PermitGrants(
                    request.items().stream().map(item -> grant).toList()));
        }));
    }

    private Permits.Split ask(List<ClaimedDelivery> deliveries) {
        Promise<Permits.Split> answer = Promise.promise();
        context.runOnContext(nothing -> permits(false).ask(deliveries).onComplete(answer));
        return resultOf(answer.future());
    }

    private Permits permits(boolean everyEndpointIsLimited) {
        Backoff backoff = new Backoff(RandomGenerator.of("SplittableRandom"));
        return new Permits(
                bus, new Parking(bus, new VertxTimers(vertx, context), clock, backoff), clock, everyEndpointIsLimited);
    }

    private static Endpoint endpoint(Integer perSecond) {
        return Samples.endpoint("https://receiver.example.com/hook", perSecond, null, null, Samples.HMAC_KEY);
    }

    private static ClaimedDelivery delivery(Endpoint endpoint, Integer applicationRate) {
        ClaimedDelivery one =
                Samples.delivery(endpoint, 1, Trigger.SCHEDULED, Instant.now().plusSeconds(30));
        return new ClaimedDelivery(
                one.key(),
                one.fence(),
                one.leaseUntil(),
                one.attempt(),
                one.trigger(),
                one.message(),
                endpoint,
                null,
                applicationRate);
    }
}
