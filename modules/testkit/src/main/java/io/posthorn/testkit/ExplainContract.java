package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of one delivery: where it stands, what it waits for and until when, who holds it, how it ended. */
public abstract class ExplainContract extends EngineSuite {
    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    private DeliveryFacts explain(Message message) {
        return resultOf(store.engine().explain(EngineDriver.key(message, endpoint)));
    }

    private static void assertWaits(DeliveryFacts facts, WaitCause cause, @Nullable Instant until) {
        assertThat(facts.delivery().state()).isEqualTo(DeliveryState.WAITING);
        assertThat(facts.hold()).isNull();
        assertThat(facts.waitsFor()).isEqualTo(new DeliveryFacts.Wait(cause, until));
    }

    @Test
    void freshOneIsReadyAtTheHeadOfFirstAttempts() {
        Message message = store.accept(app);

        DeliveryFacts facts = explain(message);

        assertWaits(facts, WaitCause.READY, null);
        assertThat(facts.at()).isEqualTo(clock.instant());
        assertThat(facts.delivery().key()).isEqualTo(EngineDriver.key(message, endpoint));
        assertThat(facts.delivery().dueAt()).isEqualTo(clock.instant());
        assertThat(facts.place()).isEqualTo(new DeliveryFacts.Place(false, Trigger.SCHEDULED, 0));
        assertThat(facts.queue().books().waiting()).isEqualTo(1);
        assertThat(facts.queue().inFlightLimit()).isPositive();
    }

    @Test
    void failedOneIsDueLaterAmongRetries() {
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);

        DeliveryFacts facts = explain(message);

        assertWaits(facts, WaitCause.DUE_LATER, in(MINUTE));
        assertThat(facts.delivery().attempts()).isEqualTo(1);
        assertThat(facts.place()).isEqualTo(new DeliveryFacts.Place(true, Trigger.SCHEDULED, 0));
    }

    @Test
    void parkedOneSaysWhyAndUntilWhen() {
        Message message = store.accept(app);
        Duration during = MINUTE;
        for (WaitCause cause : List.of(
                WaitCause.RATE_LIMITED, WaitCause.CIRCUIT_OPEN, WaitCause.RECEIVER_BUSY, WaitCause.CONCURRENCY_FULL)) {
            // A later park replaces an earlier one.
            during = during.plusSeconds(1);
            store.control(new QueueControl.Park(app.id(), endpoint.id(), in(during), cause, 1));

            assertWaits(explain(message), cause, in(during));
        }
    }

    @Test
    void dueTimeBehindTheEndOfTheParkIsWhatItWaitsFor() {
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE.multipliedBy(2));
        store.park(endpoint, MINUTE, 1);

        assertWaits(explain(message), WaitCause.DUE_LATER, in(MINUTE.multipliedBy(2)));
    }

    @Test
    void oneThatIsPutBackUntriedKeepsItsClass() {
        Message message = store.accept(app);
        store.defer(store.claimOne(), MINUTE);

        DeliveryFacts facts = explain(message);

        assertWaits(facts, WaitCause.DUE_LATER, in(MINUTE));
        assertThat(facts.delivery().attempts()).isZero();
        assertThat(facts.place()).isEqualTo(new DeliveryFacts.Place(false, Trigger.SCHEDULED, 0));
    }

    @Test
    void oneOfADisabledEndpointWaitsForThatWhateverElse() {
        Message message = store.accept(app);
        store.park(endpoint, MINUTE, 1);
        store.save(endpoint.withDisabled(true, clock.instant()));

        assertWaits(explain(message), WaitCause.ENDPOINT_DISABLED, null);
    }

    @Test
    void oneBehindAFullLimitSaysSo() {
        store.limit(endpoint, 1);
        List<Message> messages = store.accept(app, 2);
        MessageId held = store.claimOne().key().message();
        Message other = messages.get(0).id().equals(held) ? messages.get(1) : messages.get(0);

        DeliveryFacts facts = explain(other);

        assertWaits(facts, WaitCause.CONCURRENCY_FULL, null);
        assertThat(facts.queue().books().inFlight()).isEqualTo(1);
        assertThat(facts.queue().inFlightLimit()).isEqualTo(1);
        assertThat(facts.place()).extracting(DeliveryFacts.Place::before).isEqualTo(0);
    }

    @Test
    void oneInFlightNamesItsNodeSinceAndUntilWhen() {
        Message message = store.accept(app);
        Instant claimedAt = clock.instant();
        store.claimOne();
        clock.advance(Duration.ofSeconds(2));

        DeliveryFacts facts = explain(message);

        assertThat(facts.delivery().state()).isEqualTo(DeliveryState.IN_FLIGHT);
        Instant until = claimedAt.plus(EngineDriver.LEASE);
        assertThat(facts.hold()).isEqualTo(new DeliveryFacts.Hold(Fixtures.NODE, claimedAt, until));
        assertThat(facts.waitsFor()).isEqualTo(new DeliveryFacts.Wait(WaitCause.IN_FLIGHT, until));
    }

    @Test
    void oneIsFoundAmongManyThatAreInFlight() {
        store.limit(endpoint, 2_000);
        Message message = store.accept(app);
        store.claimOne();
        clock.advance(Duration.ofSeconds(1));
        store.accept(app, 600);
        for (int i = 0; i < 600; i++) {
            store.claimOne();
        }

        DeliveryFacts facts = explain(message);

        assertThat(facts.hold())
                .extracting(DeliveryFacts.Hold::since)
                .isEqualTo(clock.instant().minusSeconds(1));
    }

    @Test
    void onePutBackByTheEndOfItsLeaseIsReadyAgain() {
        Message message = store.accept(app);
        store.claimOne();
        store.pass(LEASE_AND_MORE);

        DeliveryFacts facts = explain(message);

        assertWaits(facts, WaitCause.READY, null);
        assertThat(facts.place()).isEqualTo(new DeliveryFacts.Place(false, Trigger.SCHEDULED, 0));
    }

    @Test
    void placeIsTheOrderInWhichTheyAreHandedOut() {
        // Given retries that are due, a first attempt put back, and fresh ones
        store.limit(endpoint, 100);
        List<Message> all = new ArrayList<>(store.accept(app, 6));
        for (ClaimedDelivery claimed : store.claimAll().subList(0, 3)) {
            store.retry(claimed, Duration.ofSeconds(1));
        }
        store.pass(LEASE_AND_MORE);
        all.addAll(store.accept(app, 4));

        // When
        Map<MessageId, Integer> before = new HashMap<>();
        for (Message message : all) {
            DeliveryFacts.Place place = explain(message).place();
            before.put(message.id(), place == null ? -1 : place.before());
        }
        List<ClaimedDelivery> order = store.claimAll();

        // Then
        assertThat(order).hasSize(10);
        for (int i = 0; i < order.size(); i++) {
            assertThat(before).containsEntry(order.get(i).key().message(), i);
        }
    }

    @Test
    void laterFirstAttemptStandsBehindRetriesThatAreDueBefore() {
        Message early = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        Message late = store.accept(app);
        store.defer(store.claimOne(), MINUTE.multipliedBy(2));

        assertThat(explain(early).place()).isEqualTo(new DeliveryFacts.Place(true, Trigger.SCHEDULED, 0));
        assertThat(explain(late).place()).isEqualTo(new DeliveryFacts.Place(false, Trigger.SCHEDULED, 1));
    }

    @Test
    void countsBeforeItToAThousandAndThenSaysMore() {
        store.accept(app, 1_000);
        clock.advance(Duration.ofMillis(1));
        Message exact = store.accept(app);
        clock.advance(Duration.ofMillis(1));
        Message beyond = store.accept(app);

        assertThat(explain(exact).place())
                .isEqualTo(new DeliveryFacts.Place(false, Trigger.SCHEDULED, 1_000))
                .matches(place -> !place.isBehindMore());
        assertThat(explain(beyond).place()).matches(DeliveryFacts.Place::isBehindMore);
    }

    @Test
    void endsSayWhichAndWhen() {
        // Given
        List<Message> messages = store.accept(app, 3);
        for (ClaimedDelivery claimed : store.claimAll()) {
            int number = messages.stream()
                    .map(Message::id)
                    .toList()
                    .indexOf(claimed.key().message());
            store.settle(
                    claimed,
                    number == 0
                            ? new Settlement.Verdict.Succeeded()
                            : number == 1 ? new Settlement.Verdict.Exhausted() : new Settlement.Verdict.Cancelled());
        }
        Instant ended = clock.instant();
        clock.advance(MINUTE);

        // Then
        List<DeliveryState> states = List.of(DeliveryState.SUCCEEDED, DeliveryState.FAILED, DeliveryState.CANCELLED);
        for (int i = 0; i < states.size(); i++) {
            DeliveryFacts facts = explain(messages.get(i));
            assertThat(facts.delivery().state()).isEqualTo(states.get(i));
            assertThat(facts.delivery().changedAt()).isEqualTo(ended);
            assertThat(facts.waitsFor()).isNull();
            assertThat(facts.place()).isNull();
            assertThat(facts.hold()).isNull();
        }
    }

    @Test
    void oneAskedForByHandStandsAmongFirstAttempts() {
        Message message = store.accept(app);
        store.exhaust(store.claimOne());
        store.resend(EngineDriver.key(message, endpoint));

        DeliveryFacts facts = explain(message);

        assertWaits(facts, WaitCause.READY, null);
        assertThat(facts.place()).isEqualTo(new DeliveryFacts.Place(false, Trigger.MANUAL, 0));
    }

    @Test
    void oneOfARemovedEndpointIsStillExplained() {
        Message message = store.accept(app);
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));
        store.sweep();

        assertThat(explain(message).delivery().state()).isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    void whatWasNeverMadeIsNotFound() {
        Message message = store.accept(app);
        Endpoint later = store.endpoint(app);
        Application stranger = store.application();

        for (DeliveryKey key : List.of(
                new DeliveryKey(app.id(), later.id(), message.id()),
                new DeliveryKey(stranger.id(), endpoint.id(), message.id()),
                new DeliveryKey(app.id(), endpoint.id(), MessageId.at(clock.millis())))) {
            assertThat(codeOf(store.engine().explain(key))).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }
}
