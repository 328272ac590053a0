package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each result does to a delivery, and that a result counts once. */
public abstract class SettleContract extends EngineSuite {
    @Test
    void successEndsIt() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        Attempt attempt = given.attempt(claimed, 204);

        // When
        SettleOutcome outcome = store.settle(new Settlement(claimed.key(), claimed.fence(), succeeded(), attempt));

        // Then
        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.delivery(message, endpoint))
                .isEqualTo(new Delivery(claimed.key(), DeliveryState.SUCCEEDED, 1, null, clock.instant()));
        assertThat(store.attempts(message)).containsExactly(attempt);
        store.pass(MINUTE);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void inFlightCountsAsSuch() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        store.claimOne();

        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 0, 1));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.IN_FLIGHT);
    }

    @Test
    void retryCountsTheAttemptAndComesBack() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);

        // When
        for (int attempt = 1; attempt <= 4; attempt++) {
            ClaimedDelivery claimed = store.claimOne();
            assertThat(claimed.attempt()).isEqualTo(attempt);
            assertThat(claimed.trigger()).isEqualTo(Trigger.SCHEDULED);
            assertThat(store.retry(claimed, MINUTE)).isEqualTo(SettleOutcome.SETTLED);
            assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
            assertThat(store.delivery(message, endpoint))
                    .isEqualTo(
                            new Delivery(claimed.key(), DeliveryState.WAITING, attempt, in(MINUTE), clock.instant()));
            store.pass(MINUTE);
        }

        // Then
        assertThat(store.attempts(message)).extracting(Attempt::number).containsExactly(1, 2, 3, 4);
    }

    @Test
    void exhaustedEndsItAsFailed() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        store.pass(MINUTE);

        assertThat(store.exhaust(store.claimOne())).isEqualTo(SettleOutcome.SETTLED);

        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 1, 0, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.FAILED);
        assertThat(store.delivery(message, endpoint).attempts()).isEqualTo(2);
        store.pass(MINUTE);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void cancelledEndsItWithoutAnAttempt() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);

        SettleOutcome outcome = store.settle(store.claimOne(), new Settlement.Verdict.Cancelled());

        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 1, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(store.attempts(message)).isEmpty();
    }

    @Test
    void deferredKeepsAttemptNumberAndClass() {
        // Given: an untried delivery that is deferred, and a retry that is due before it
        Application app = store.application();
        store.endpoint(app);
        Message retried = store.accept(app);
        store.retry(store.claimOne(), Duration.ofSeconds(1));
        Message deferred = store.accept(app);
        ClaimedDelivery untried = store.claimOne();

        // When
        assertThat(store.defer(untried, Duration.ofSeconds(10))).isEqualTo(SettleOutcome.SETTLED);
        List<ClaimedDelivery> atOnce = store.claim(1);
        store.pass(Duration.ofSeconds(10));
        ClaimedDelivery first = store.claimOne();
        ClaimedDelivery second = store.claimOne();

        // Then
        assertThat(atOnce).isEmpty();
        assertThat(first.key().message()).isEqualTo(deferred.id());
        assertThat(first.attempt()).isEqualTo(1);
        assertThat(second.key().message()).isEqualTo(retried.id());
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(store.attempts(deferred)).isEmpty();
    }

    @Test
    void deferredRetryStaysARetry() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        store.accept(app);
        store.retry(store.claimOne(), Duration.ofSeconds(1));
        store.pass(Duration.ofSeconds(1));
        ClaimedDelivery retry = store.claimOne();

        // When
        store.defer(retry, Duration.ofSeconds(1));
        store.pass(Duration.ofSeconds(2));
        Message fresh = store.accept(app);

        // Then
        assertThat(store.claimOne().key().message()).isEqualTo(fresh.id());
        assertThat(store.claimOne().attempt()).isEqualTo(2);
    }

    @Test
    void settlingTwiceCountsOnce() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        Settlement settlement =
                new Settlement(claimed.key(), claimed.fence(), succeeded(), given.attempt(claimed, 200));

        // When
        store.settle(settlement);
        store.settle(settlement);
        SettleOutcome contrary = store.exhaust(claimed);

        // Then
        assertThat(contrary).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
    }

    @Test
    void retryThatIsSettledAgainIsNotMoved() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        store.retry(claimed, MINUTE);

        // When
        SettleOutcome late = store.succeed(claimed);

        // Then
        assertThat(late).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(store.delivery(message, endpoint).dueAt()).isEqualTo(in(MINUTE));
    }

    @Test
    void sameSettlementTwiceInOneBatchCountsOnce() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        Settlement settlement =
                new Settlement(claimed.key(), claimed.fence(), retryAfter(MINUTE), given.attempt(claimed, 500));

        List<SettleOutcome> outcomes = resultOf(store.engine().settle(List.of(settlement, settlement)));

        assertThat(outcomes).hasSize(2).startsWith(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        assertThat(store.delivery(message, endpoint).attempts()).isEqualTo(1);
        assertThat(store.attempts(message)).hasSize(1);
    }

    @Test
    void unknownDeliveryIsFencedAndHoldsBackNoOther() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        Settlement unknown = new Settlement(
                EngineDriver.key(
                        store.accept(store.application()), endpoint), // of another application: there is no such one
                1,
                succeeded(),
                null);
        Settlement known = new Settlement(claimed.key(), claimed.fence(), succeeded(), given.attempt(claimed, 200));

        // When
        List<SettleOutcome> outcomes = resultOf(store.engine().settle(List.of(unknown, known)));

        // Then
        assertThat(outcomes).containsExactly(SettleOutcome.FENCED, SettleOutcome.SETTLED);
        assertThat(store.books()).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
    }

    @Test
    void waitingDeliveryCannotBeSettledUnclaimed() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message message = store.accept(app);

        SettleOutcome outcome =
                store.settle(new Settlement(EngineDriver.key(message, endpoint), 77, succeeded(), null));

        assertThat(outcome).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
    }

    @Test
    void batchOfAllVerdictsSettlesEach() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        store.limit(endpoint, 5);
        store.accept(app, 5);
        List<ClaimedDelivery> claimed = store.claimAll();

        // When
        List<Settlement.Verdict> verdicts = List.of(
                succeeded(),
                retryAfter(MINUTE),
                new Settlement.Verdict.Exhausted(),
                new Settlement.Verdict.Deferred(in(MINUTE), WaitCause.CIRCUIT_OPEN),
                new Settlement.Verdict.Cancelled());
        List<Settlement> settlements = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            ClaimedDelivery one = claimed.get(i);
            settlements.add(
                    new Settlement(one.key(), one.fence(), verdicts.get(i), store.attemptFor(one, verdicts.get(i))));
        }
        List<SettleOutcome> outcomes = resultOf(store.engine().settle(settlements));

        // Then
        assertThat(outcomes).hasSize(5).containsOnly(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(5, 1, 1, 1, 2, 0));
    }
}
