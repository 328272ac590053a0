package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.ClaimAnswer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a queue is made to wait and to go on, what it says meanwhile, and when to come again. */
public abstract class ParkContract extends EngineSuite {
    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void parkedQueueWaitsUntilItsTimeAndHoldsNoOther() {
        // Given
        Endpoint other = store.endpoint(app);
        Message message = store.accept(app);
        store.park(endpoint, MINUTE, 100);

        // When
        List<ClaimedDelivery> meanwhile = store.claimAll();
        store.pass(MINUTE.minusMillis(1));
        List<ClaimedDelivery> early = store.claimAll();
        store.pass(Duration.ofMillis(1));
        // the other one's lease has ended too
        List<ClaimedDelivery> inTime = store.claimAll();

        // Then
        assertThat(meanwhile).extracting(ClaimedDelivery::key).containsExactly(EngineDriver.key(message, other));
        assertThat(early).extracting(one -> one.key().endpoint()).doesNotContain(endpoint.id());
        assertThat(inTime).extracting(ClaimedDelivery::key).contains(EngineDriver.key(message, endpoint));
    }

    @Test
    void parkedQueueSaysWhyAndUntilWhen() {
        // Given
        store.accept(app);
        store.park(endpoint, MINUTE, 1);

        // When
        QueueState parked = store.queue(endpoint);
        store.resume(endpoint);
        QueueState ready = store.queue(endpoint);

        // Then
        assertThat(parked.cause()).isEqualTo(WaitCause.RATE_LIMITED);
        assertThat(parked.until()).isEqualTo(in(MINUTE));
        assertThat(parked.oldestDueAt()).isEqualTo(clock.instant());
        assertThat(ready.cause()).isEqualTo(WaitCause.READY);
    }

    @Test
    void everyOtherReasonToWaitIsToldToo() {
        // Given
        Message message = store.accept(app);
        store.limit(endpoint, 1);
        ClaimedDelivery claimed = store.claimOne();
        QueueState allInFlight = store.queue(endpoint);
        store.accept(app);
        QueueState full = store.queue(endpoint);
        store.retry(claimed, MINUTE);
        store.succeed(store.claimOne());
        QueueState later = store.queue(endpoint);
        store.save(endpoint.withDisabled(true, clock.instant()));
        QueueState disabled = store.queue(endpoint);

        // Then
        assertThat(message.id()).isEqualTo(claimed.key().message());
        assertThat(allInFlight.cause()).isEqualTo(WaitCause.IN_FLIGHT);
        assertThat(allInFlight.oldestDueAt()).isNull();
        assertThat(full.cause()).isEqualTo(WaitCause.CONCURRENCY_FULL);
        assertThat(later.cause()).isEqualTo(WaitCause.DUE_LATER);
        assertThat(later.until()).isEqualTo(in(MINUTE));
        assertThat(disabled.cause()).isEqualTo(WaitCause.ENDPOINT_DISABLED);
    }

    @Test
    void resumedQueueGoesOnAtOnce() {
        store.accept(app);
        store.park(endpoint, MINUTE, 100);
        assertThat(store.claim(1)).isEmpty();

        store.resume(endpoint);

        assertThat(store.claim(1)).hasSize(1);
    }

    @Test
    void firstClaimAfterParkingIsSmall() {
        // Given
        store.limit(endpoint, 100);
        store.accept(app, 10);
        store.park(endpoint, MINUTE, 3);
        store.pass(MINUTE);

        // When
        List<ClaimedDelivery> first = store.claim(100);
        List<ClaimedDelivery> rest = store.claimAll();

        // Then
        assertThat(first).hasSize(3);
        assertThat(rest).hasSize(7);
    }

    @Test
    void laterParkWinsAndEarlierOneDoesNot() {
        // Given
        store.accept(app);
        store.park(endpoint, MINUTE, 5);

        // When
        store.park(endpoint, Duration.ofSeconds(10), 1);
        store.pass(Duration.ofSeconds(20));
        List<ClaimedDelivery> afterEarlier = store.claim(1);
        store.park(endpoint, MINUTE, 5);
        store.pass(Duration.ofSeconds(50));
        List<ClaimedDelivery> afterFirst = store.claim(1);
        store.pass(Duration.ofSeconds(10));
        List<ClaimedDelivery> afterLater = store.claim(1);

        // Then
        assertThat(afterEarlier).isEmpty();
        assertThat(afterFirst).isEmpty();
        assertThat(afterLater).hasSize(1);
    }

    @Test
    void controlOfAnUnknownEndpointIsPassedOver() {
        store.accept(app);
        EndpointId unknown = EndpointId.at(clock.millis());

        resultOf(store.engine()
                .control(List.of(
                        new QueueControl.Limit(app.id(), unknown, 1),
                        new QueueControl.Resume(app.id(), unknown),
                        new QueueControl.Park(app.id(), unknown, in(MINUTE), WaitCause.CIRCUIT_OPEN, 1),
                        new QueueControl.Park(app.id(), endpoint.id(), in(MINUTE), WaitCause.CIRCUIT_OPEN, 1))));

        assertThat(store.claim(1)).isEmpty();
        assertThat(store.queue(endpoint).cause()).isEqualTo(WaitCause.CIRCUIT_OPEN);
    }

    @Test
    void emptyClaimSaysWhenToComeAgain() {
        // Given
        store.accept(app, 2);
        store.retry(store.claimOne(), MINUTE);
        store.retry(store.claimOne(), MINUTE.multipliedBy(2));

        // When
        ClaimAnswer retries = store.ask(1);
        store.park(endpoint, MINUTE.multipliedBy(5), 100);
        ClaimAnswer parked = store.ask(1);

        // Then
        assertThat(retries.deliveries()).isEmpty();
        assertThat(retries.nextAt()).isAfter(clock.instant()).isBeforeOrEqualTo(in(MINUTE));
        assertThat(parked.deliveries()).isEmpty();
        assertThat(parked.nextAt()).isAfter(clock.instant()).isBeforeOrEqualTo(in(MINUTE.multipliedBy(5)));
        store.pass(MINUTE.multipliedBy(5));
        assertThat(store.claim(2)).hasSize(2);
    }

    @Test
    void announcesEverythingThatMakesWork() {
        // Given
        Semaphore calls = new Semaphore(0);
        store.engine().onWork(calls::release);
        store.limit(endpoint, 1);

        assertAnnounced(calls, "append", () -> store.accept(app, 2));
        ClaimedDelivery claimed = store.claimOne();
        assertAnnounced(calls, "place under the limit", () -> store.succeed(claimed));
        ClaimedDelivery second = store.claimOne();
        assertAnnounced(calls, "retry sooner than anything else", () -> store.retry(second, Duration.ofSeconds(1)));
        assertAnnounced(calls, "resend", () -> store.resend(second.key()));
        ClaimedDelivery third = store.claimOne();
        assertAnnounced(calls, "expired lease", () -> store.pass(LEASE_AND_MORE));
        assertThat(store.claimOne().key()).isEqualTo(third.key());
        store.accept(app);
        assertAnnounced(calls, "higher limit", () -> store.limit(endpoint, 2));
        store.claimOne();
        store.limit(endpoint, 10);
        store.park(endpoint, MINUTE, 1);
        store.accept(app);
        assertAnnounced(calls, "resume", () -> store.resume(endpoint));
        store.claimOne();
        Endpoint disabled = store.save(endpoint.withDisabled(true, clock.instant()));
        store.pass(LEASE_AND_MORE);
        assertAnnounced(calls, "enabled endpoint", () -> store.save(disabled.withDisabled(false, clock.instant())));
    }

    /** Whether it calls the listener, on whatever thread, given that a claim found nothing before. */
    private void assertAnnounced(Semaphore calls, String what, Runnable action) {
        assertThat(store.claim(1)).as("claimable before: " + what).isEmpty();
        calls.drainPermits();
        action.run();
        try {
            assertThat(calls.tryAcquire(5, TimeUnit.SECONDS))
                    .as("the listener was called after: " + what)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
