package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The circuit of an endpoint: what is handed out while it is open, who may change it, and what comes after it closes. */
public abstract class CircuitContract extends EngineSuite {
    private static final int FAILED = 500;

    @Test
    void openOneHoldsTheWholeQueueUntilItsTimeIsOver() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 5);

        // When
        opens(store.claimOne(), null);

        // Then
        assertThat(store.claimAll()).isEmpty();
        QueueState queue = store.queue(endpoint);
        assertThat(queue.cause()).isEqualTo(WaitCause.CIRCUIT_OPEN);
        assertThat(queue.until()).isEqualTo(in(MINUTE));
        assertThat(queue.books().waiting()).isEqualTo(5);
        assertThat(queue.circuit()).isNotNull().matches(Circuit::isOpen);
    }

    @Test
    void thenOneDeliveryAtATimeIsLetThrough() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app, 5);
        opens(store.claimOne(), null);
        clock.advance(MINUTE);

        // When
        List<ClaimedDelivery> probes = store.claimAll();

        // Then
        assertThat(probes).hasSize(1).allMatch(ClaimedDelivery::isProbe);
        store.defer(probes.get(0), Duration.ZERO);
        assertThat(store.claimAll()).hasSize(1);
    }

    @Test
    void probeWhoseDispatcherDiedIsFollowedByAnother() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app, 5);
        opens(store.claimOne(), null);
        clock.advance(MINUTE);
        ClaimedDelivery lost = store.claimOne();

        // When
        store.pass(LEASE_AND_MORE);

        // Then
        assertThat(store.claimAll()).hasSize(1).allMatch(ClaimedDelivery::isProbe);
        assertThat(lost.isProbe()).isTrue();
    }

    @Test
    void failedProbeOpensItForLonger() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 5);
        opens(store.claimOne(), null);
        clock.advance(MINUTE);
        ClaimedDelivery probe = store.claimOne();

        // When
        opens(probe, probe.circuit());

        // Then
        assertThat(store.claimAll()).isEmpty();
        assertThat(store.queue(endpoint).until()).isEqualTo(in(MINUTE));
        assertThat(circuit(endpoint).openings()).isEqualTo(2);
        assertThat(circuit(endpoint).history()).hasSize(2);
    }

    @Test
    void closedOneLetsDeliveriesInOneByOne() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 20);
        opens(store.claimOne(), null);
        clock.advance(MINUTE);

        // When
        closes(store.claimOne());

        // Then
        assertThat(circuit(endpoint).isOpen()).isFalse();
        List<ClaimedDelivery> first = store.claimAll();
        first.forEach(store::succeed);
        List<ClaimedDelivery> second = store.claimAll();
        second.forEach(store::succeed);
        List<ClaimedDelivery> third = store.claimAll();
        assertThat(first).hasSize(1).noneMatch(ClaimedDelivery::isProbe);
        assertThat(second).hasSize(2);
        assertThat(third).hasSize(3);
    }

    @Test
    void whatWaitedForItStandsBehindWhatComesAfterwards() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app);
        opens(store.claimOne(), null);
        List<Message> during = store.accept(app, 10);
        clock.advance(MINUTE);
        ClaimedDelivery probe = store.claimOne();
        closes(probe);

        // When
        clock.advance(Duration.ofMillis(5));
        Message fresh = store.accept(app);

        // Then
        assertThat(store.claimOne().key().message()).isEqualTo(fresh.id());
        assertThat(during)
                .filteredOn(message -> !message.id().equals(probe.key().message()))
                .allSatisfy(message ->
                        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.WAITING));
    }

    @Test
    void everythingThatWaitedIsDeliveredAfterwards() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 3);
        opens(store.claimOne(), null);
        store.accept(app, 30);
        clock.advance(MINUTE);
        closes(store.claimOne());
        store.accept(app, 3);

        // When
        for (List<ClaimedDelivery> some = store.claimAll(); !some.isEmpty(); some = store.claimAll()) {
            some.forEach(store::succeed);
        }

        // Then
        assertThat(store.books(endpoint).waiting()).isZero();
        assertThat(store.books(endpoint).succeeded()).isEqualTo(36);
    }

    @Test
    void ofTwoChangesThatFollowTheSameStateOneCounts() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 5);
        List<ClaimedDelivery> claimed = store.claimAll();
        opens(claimed.get(0), null);

        // When
        clock.advance(Duration.ofSeconds(5));
        opens(claimed.get(1), null);

        // Then
        assertThat(circuit(endpoint).openings()).isEqualTo(1);
        assertThat(store.queue(endpoint).until()).isEqualTo(in(Duration.ofSeconds(55)));
    }

    @Test
    void resultUnderAnOldFenceChangesNothing() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app);
        ClaimedDelivery late = store.claimOne();
        store.pass(LEASE_AND_MORE);
        store.claimOne();

        // When
        SettleOutcome outcome = opens(late, null);

        // Then
        assertThat(outcome).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.queue(endpoint).circuit()).isNull();
    }

    @Test
    void isOpenedAndClosedByHand() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 3);

        // When
        Circuit opened = Circuit.opened(null, 1, clock.instant(), Circuit.BY_HAND_ONLY, "by hand");
        set(endpoint, opened);
        List<ClaimedDelivery> whileOpen = store.claimAll();
        clock.advance(Duration.ofDays(2));
        List<ClaimedDelivery> muchLater = store.claimAll();
        set(endpoint, Circuit.reset(opened, clock.instant(), "by hand"));

        // Then
        assertThat(whileOpen).isEmpty();
        assertThat(muchLater).isEmpty();
        assertThat(store.claimAll()).hasSize(1).noneMatch(ClaimedDelivery::isProbe);
        assertThat(circuit(endpoint).openings()).isZero();
    }

    @Test
    void longerParkingOutlastsIt() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 3);
        store.park(endpoint, MINUTE.multipliedBy(10), 1);

        // When
        set(endpoint, Circuit.opened(null, 1, clock.instant(), in(MINUTE), "by hand"));
        QueueState open = store.queue(endpoint);
        set(endpoint, Circuit.closed(open.circuit(), clock.instant(), "by hand"));

        // Then
        assertThat(open.cause()).isEqualTo(WaitCause.RATE_LIMITED);
        assertThat(store.queue(endpoint).cause()).isEqualTo(WaitCause.RATE_LIMITED);
        assertThat(store.claimAll()).isEmpty();
    }

    @Test
    void survivesACrash() {
        // Given
        Assumptions.assumeTrue(fixture.durable() && fixture.keepsUnflushed(), "nothing of this store survives");
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app, 5);
        opens(store.claimOne(), null);
        Circuit before = circuit(endpoint);

        // When
        crash();

        // Then
        assertThat(circuit(endpoint)).isEqualTo(before);
        assertThat(store.claimAll()).isEmpty();
        clock.advance(MINUTE);
        assertThat(store.claimAll()).hasSize(1).allMatch(ClaimedDelivery::isProbe);
    }

    @Test
    void holdsForItsEndpointOnly() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Endpoint other = store.endpoint(app);
        set(endpoint, Circuit.opened(null, 1, clock.instant(), in(MINUTE), "by hand"));

        // When
        store.accept(app, 3);

        // Then
        assertThat(store.claimAll())
                .hasSize(3)
                .allMatch(one -> one.key().endpoint().equals(other.id()));
    }

    @Test
    void retriesLeaveRoomForFreshEvents() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.limit(endpoint, 4);
        store.accept(app, 8);
        for (int i = 0; i < 2; i++) {
            store.claimAll().forEach(one -> store.retry(one, MINUTE));
        }
        clock.advance(MINUTE);

        // When
        List<ClaimedDelivery> retries = store.claimAll();
        WaitCause cause = store.queue(endpoint).cause();
        store.accept(app, 4);
        List<ClaimedDelivery> fresh = store.claimAll();

        // Then
        assertThat(retries).hasSize(2).allMatch(one -> one.attempt() == 2);
        assertThat(cause).isEqualTo(WaitCause.CONCURRENCY_FULL);
        assertThat(fresh).hasSize(2).allMatch(one -> one.attempt() == 1);
        store.succeed(retries.get(0));
        store.succeed(retries.get(1));
        store.succeed(fresh.get(0));
        store.succeed(fresh.get(1));
        assertThat(store.claimAll()).extracting(ClaimedDelivery::attempt).containsExactly(1, 1);
    }

    @CanIgnoreReturnValue
    private SettleOutcome opens(ClaimedDelivery claimed, @Nullable Circuit before) {
        int openings = before == null ? 1 : before.openings() + 1;
        Circuit opened = Circuit.opened(before, openings, clock.instant(), in(MINUTE), "status 500");
        return store.settle(new Settlement(
                claimed.key(),
                claimed.fence(),
                new Settlement.Verdict.Retry(clock.instant()),
                given.attempt(claimed, FAILED),
                opened));
    }

    private void closes(ClaimedDelivery probe) {
        Circuit closed = Circuit.closed(probe.circuit(), clock.instant(), "status 200");
        store.settle(new Settlement(probe.key(), probe.fence(), succeeded(), given.attempt(probe, 200), closed));
    }

    private void set(Endpoint endpoint, Circuit circuit) {
        store.control(new QueueControl.SetCircuit(endpoint.application(), endpoint.id(), circuit));
    }

    private Circuit circuit(Endpoint endpoint) {
        return Objects.requireNonNull(store.queue(endpoint).circuit(), "it never opened");
    }
}
