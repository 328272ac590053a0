package io.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hold is worth: it ends in time, whatever the clock does, and a result that comes too late moves nothing. */
public abstract class LeaseContract extends EngineSuite {
    private static final Duration HOUR = Duration.ofHours(1);

    private static final NodeId OTHER = new NodeId("node-2");

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void expiredLeaseReturnsTheDeliveryWithItsAttemptNumber() {
        // Given
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        store.pass(MINUTE);
        ClaimedDelivery lost = store.claimOne();

        // When
        store.pass(EngineDriver.LEASE.minusSeconds(1));
        List<ClaimedDelivery> early = store.claim(1);
        store.pass(Duration.ofSeconds(2));
        Books books = store.books(endpoint);
        ClaimedDelivery again = store.claimOne();

        // Then
        assertThat(early).isEmpty();
        assertThat(books).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        assertThat(again.key()).isEqualTo(lost.key());
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.trigger()).isEqualTo(Trigger.SCHEDULED);
        assertThat(again.fence()).isGreaterThan(lost.fence());
        assertThat(store.attempts(message)).hasSize(1);
    }

    @Test
    void expiredLeaseFreesItsPlaceUnderTheLimit() {
        store.limit(endpoint, 1);
        store.accept(app, 2);
        store.claimOne();
        assertThat(store.claim(2)).isEmpty();

        store.pass(LEASE_AND_MORE);

        assertThat(store.claim(2)).hasSize(1);
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 0, 0, 0, 1, 1));
    }

    @Test
    void leasesOfANodeThatIsGoneEndAtOnceAndThoseOfOthersDoNot() {
        // Given
        store.limit(endpoint, 10_000);
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        store.pass(MINUTE);
        ClaimedDelivery lost = store.claimOne();
        store.accept(app, 700);
        List<ClaimedDelivery> alsoLost = store.claim(600);
        List<ClaimedDelivery> held = store.claim(OTHER, 50);

        // When
        store.releaseLeases(Fixtures.NODE);
        Books books = store.books(endpoint);
        List<ClaimedDelivery> again = store.claimAll();

        // Then
        assertThat(alsoLost).hasSize(600);
        assertThat(held).hasSize(50);
        assertThat(books).isEqualTo(new Books(701, 0, 0, 0, 651, 50));
        assertThat(again)
                .extracting(ClaimedDelivery::key)
                .contains(lost.key())
                .doesNotContainAnyElementsOf(
                        held.stream().map(ClaimedDelivery::key).toList())
                .hasSize(651);
        assertThat(again)
                .filteredOn(one -> one.key().message().equals(message.id()))
                .extracting(ClaimedDelivery::attempt)
                .containsExactly(2);
        held.forEach(one -> assertThat(store.succeed(one)).isEqualTo(SettleOutcome.SETTLED));
        assertThat(store.succeed(lost)).isEqualTo(SettleOutcome.FENCED);
    }

    @Test
    void resultOfANodeThatWasTakenForGoneStillCountsWhenNobodyClaimedAgain() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery late = store.claimOne();

        // When
        store.releaseLeases(Fixtures.NODE);
        store.releaseLeases(OTHER);
        SettleOutcome outcome = store.succeed(late);

        // Then
        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void manyExpiredLeasesAllReturn() {
        store.limit(endpoint, 10_000);
        store.accept(app, 700);
        assertThat(store.claimAll()).hasSize(700);

        store.pass(LEASE_AND_MORE);

        assertThat(store.books(endpoint).waiting()).isEqualTo(700);
        assertThat(store.claimAll()).hasSize(700);
    }

    @Test
    void sweepAsksToBeCalledByTheEndOfTheNextLease() {
        store.accept(app);
        store.claimOne();

        assertThat(store.sweep()).isLessThanOrEqualTo(LEASE_AND_MORE);
    }

    @Test
    void lateResultOfAClaimThatWasRepeatedOnlyRecordsItsAttempt() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery late = store.claimOne();
        Attempt lateAttempt = given.attempt(late, 200);
        store.pass(LEASE_AND_MORE);
        ClaimedDelivery current = store.claimOne();

        // When
        SettleOutcome outcome = store.settle(new Settlement(late.key(), late.fence(), succeeded(), lateAttempt));

        // Then
        assertThat(outcome).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 0, 1));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.IN_FLIGHT);
        assertThat(store.attempts(message)).containsExactly(lateAttempt);
        assertThat(store.retry(current, MINUTE)).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.attempts(message)).hasSize(2);
    }

    @Test
    void lateResultsOfEveryKindAreFenced() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery late = store.claimOne();
        store.pass(LEASE_AND_MORE);
        store.succeed(store.claimOne());

        // When
        SettleOutcome retried = store.retry(late, Duration.ZERO);
        SettleOutcome exhausted = store.exhaust(late);
        SettleOutcome deferred = store.defer(late, Duration.ZERO);
        SettleOutcome cancelled = store.settle(late, new Settlement.Verdict.Cancelled());

        // Then
        assertThat(List.of(retried, exhausted, deferred, cancelled)).containsOnly(SettleOutcome.FENCED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void lateResultStillCountsWhenNobodyClaimedAgain() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery late = store.claimOne();
        store.pass(LEASE_AND_MORE);

        // When
        SettleOutcome outcome = store.succeed(late);

        // Then
        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void noLeaseLivesAnHourWhenTheClockGoesBack() {
        // Given
        store.accept(app);
        ClaimedDelivery lost = store.claimOne();

        // When
        store.pass(HOUR.negated());
        store.pass(EngineDriver.LEASE.plusSeconds(1));
        store.pass(EngineDriver.LEASE.plusSeconds(1));
        List<ClaimedDelivery> again = store.claim(1);

        // Then
        assertThat(again).extracting(ClaimedDelivery::key).containsExactly(lost.key());
        assertThat(again.get(0).fence()).isGreaterThan(lost.fence());
    }

    @Test
    void whatWasDueStaysDueWhenTheClockGoesBack() {
        // Given
        Message before = store.accept(app);
        assertThat(store.books(endpoint).waiting()).isEqualTo(1);

        // When
        store.pass(HOUR.negated());
        Message after = store.accept(app);
        List<ClaimedDelivery> claimed = store.claimAll();

        // Then
        assertThat(claimed).extracting(one -> one.key().message()).containsExactlyInAnyOrder(before.id(), after.id());
        claimed.forEach(store::succeed);
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 2, 0, 0, 0, 0));
    }

    @Test
    void pausesAreNeitherLostNorEndlessWhenTheClockGoesBack() {
        // Given
        store.accept(app);
        ClaimedDelivery failed = store.claimOne();
        clock.advance(HOUR.negated());

        // When
        store.retry(failed, MINUTE);
        List<ClaimedDelivery> atOnce = store.claim(1);
        store.pass(MINUTE.minusSeconds(1));
        List<ClaimedDelivery> early = store.claim(1);
        store.pass(Duration.ofSeconds(2));
        List<ClaimedDelivery> inTime = store.claim(1);

        // Then
        assertThat(atOnce).isEmpty();
        assertThat(early).isEmpty();
        assertThat(inTime).hasSize(1);
        assertThat(inTime.get(0).leaseUntil()).isEqualTo(in(EngineDriver.LEASE));
    }

    @Test
    void clockThatLeapsForwardEndsLeasesAndPausesOnce() {
        // Given
        store.accept(app, 2);
        ClaimedDelivery held = store.claimOne();
        store.retry(store.claimOne(), MINUTE);

        // When
        store.pass(HOUR);
        List<ClaimedDelivery> claimed = store.claimAll();

        // Then
        assertThat(claimed).hasSize(2);
        assertThat(store.succeed(held)).isEqualTo(SettleOutcome.FENCED);
        claimed.forEach(one -> assertThat(store.succeed(one)).isEqualTo(SettleOutcome.SETTLED));
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 2, 0, 0, 0, 0));
    }
}
