package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What background tasks do, whom they let go first, and what a crash between two steps leaves. */
public abstract class TaskContract extends TaskSuite {
    @Test
    void recoverTriesOnceMoreWhatFailedAndNothingElse() {
        // Given
        Message failed = store.accept(app);
        store.retry(store.claimOne(), Duration.ZERO);
        store.exhaust(store.claimOne());
        store.accept(app);
        store.succeed(store.claimOne());
        Message waiting = store.accept(app);
        store.retry(store.claimOne(), Duration.ofHours(1));
        later();

        // When
        BackgroundTask started = recover(beginning, clock.instant());
        BackgroundTask ended = store.finish(started);
        List<ClaimedDelivery> claimed = store.claimAll();

        // Then
        assertThat(started.status()).isEqualTo(BackgroundTask.Status.RUNNING);
        assertThat(ended.status()).isEqualTo(BackgroundTask.Status.FINISHED);
        assertThat(ended.changed()).isEqualTo(1);
        assertThat(ended.scanned()).isGreaterThanOrEqualTo(1);
        assertThat(claimed).hasSize(1);
        assertThat(claimed.get(0).key()).isEqualTo(EngineDriver.key(failed, endpoint));
        assertThat(claimed.get(0).attempt()).as("attempts are numbered on").isEqualTo(3);
        assertThat(claimed.get(0).trigger()).isEqualTo(Trigger.MANUAL);
        assertThat(store.delivery(waiting, endpoint).state()).isEqualTo(DeliveryState.WAITING);
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 1, 0, 0, 1, 1));
        store.exhaust(claimed.get(0));
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 1, 1, 0, 1, 0));
    }

    @Test
    void recoverKeepsToItsWindowToTheMillisecondsOfIds() {
        // Given: ids tell time in steps of 4 ms
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            messages.add(fail());
            clock.advance(Duration.ofMillis(4));
        }

        // When
        Instant since = messages.get(1).createdAt();
        Instant until = messages.get(3).createdAt();
        store.finish(recover(since, until));
        List<ClaimedDelivery> exact = store.claimAll();
        store.finish(recover(since.plusNanos(1), until.plusMillis(1)));
        List<ClaimedDelivery> between = store.claimAll();

        // Then
        assertThat(exact)
                .extracting(one -> one.key().message())
                .containsExactly(messages.get(1).id(), messages.get(2).id());
        assertThat(between)
                .as("what is in flight stays there; the first of the window is just before it")
                .extracting(one -> one.key().message())
                .containsExactly(messages.get(3).id());
    }

    @Test
    void recoverPassesOverWhatHasNoPayloadAnyMore() {
        Message gone = fail();
        Message there = fail();
        resultOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), gone.id())));
        later();

        BackgroundTask ended = store.finish(recover(beginning, clock.instant()));

        assertThat(ended.changed()).isEqualTo(1);
        assertThat(store.claimAll()).extracting(one -> one.key().message()).containsExactly(there.id());
        assertThat(store.delivery(gone, endpoint).state()).isEqualTo(DeliveryState.FAILED);
    }

    @Test
    void emptyWindowEndsAtOnce() {
        fail();

        BackgroundTask ended = store.finish(recover(clock.instant(), beginning));

        assertThat(ended.changed()).isZero();
        assertThat(store.claimAll()).isEmpty();
    }

    @Test
    void replaySendsWhatTheEndpointNeverGotByThePolicy() {
        // Given
        Message before = store.accept(app);
        store.succeed(store.claimOne());
        Message otherType =
                store.accept(given.message(app.id()).eventType("invoice.voided").build());
        store.succeed(store.claimOne());
        Message otherChannel =
                store.accept(given.message(app.id()).channels("south").build());
        store.succeed(store.claimOne());
        Message inChannel =
                store.accept(given.message(app.id()).channels("north").build());
        store.succeed(store.claimOne());
        Message noPayload =
                store.accept(given.message(app.id()).channels("north").build());
        store.succeed(store.claimOne());
        resultOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), noPayload.id())));
        clock.advance(Duration.ofMillis(4));
        Endpoint late = store.save(given.endpoint(app.id())
                .eventTypes("invoice.paid")
                .channels("north")
                .build());
        Message got = store.accept(given.message(app.id()).channels("north").build());
        store.claimAll().forEach(store::succeed);
        later();

        // When
        BackgroundTask ended =
                store.finish(start(new BackgroundTask.ReplayMissing(app.id(), late.id(), beginning, clock.instant())));
        ClaimedDelivery claimed = store.claimOne();

        // Then
        assertThat(ended.changed()).isEqualTo(1);
        assertThat(ended.scanned()).isEqualTo(6);
        assertThat(claimed.key()).isEqualTo(EngineDriver.key(inChannel, late));
        assertThat(claimed.attempt()).isEqualTo(1);
        assertThat(claimed.trigger()).isEqualTo(Trigger.SCHEDULED);
        assertThat(claimed.message().payload()).isNotNull();
        assertThat(store.deliveries(inChannel)).hasSize(2);
        assertThat(store.deliveries(got)).hasSize(2);
        for (Message unwanted : List.of(before, otherType, otherChannel, noPayload)) {
            assertThat(store.deliveries(unwanted)).hasSize(1);
        }
        assertThat(store.books(late)).isEqualTo(new Books(2, 1, 0, 0, 0, 1));
    }

    @Test
    void replayForADisabledEndpointWaitsForIt() {
        store.accept(app);
        Endpoint late = store.save(given.endpoint(app.id()).disabled().build());
        store.succeed(store.claimOne());
        later();

        store.finish(start(new BackgroundTask.ReplayMissing(app.id(), late.id(), beginning, clock.instant())));
        List<ClaimedDelivery> whileDisabled = store.claimAll();
        store.save(late.withDisabled(false, clock.instant()));

        assertThat(whileDisabled).isEmpty();
        assertThat(store.claimAll()).extracting(one -> one.key().endpoint()).containsExactly(late.id());
    }

    @Test
    void cancelEndsWhatWaitsAndLetsGoWhatIsInFlight() {
        // Given
        Message inFlight = store.accept(app);
        ClaimedDelivery held = store.claimOne();
        Message retried = store.accept(app);
        store.retry(store.claimOne(), Duration.ofHours(1));
        Message untried = store.accept(app);
        clock.advance(Duration.ofMillis(4));
        Instant until = clock.instant();
        Message after = store.accept(app);

        // When
        BackgroundTask ended = store.finish(start(new BackgroundTask.CancelWaiting(app.id(), endpoint.id(), until)));
        List<ClaimedDelivery> claimed = store.claimAll();

        // Then
        assertThat(ended.changed()).isEqualTo(2);
        assertThat(claimed).extracting(one -> one.key().message()).containsExactly(after.id());
        assertThat(store.delivery(retried, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(store.delivery(retried, endpoint).attempts()).isEqualTo(1);
        assertThat(store.delivery(untried, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
        store.succeed(held);
        assertThat(store.delivery(inFlight, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(4, 1, 0, 2, 0, 1));
        store.pass(Duration.ofHours(2));
        assertThat(store.claimAll()).extracting(one -> one.key().message()).containsExactly(after.id());
    }

    @Test
    void cancelEndsALongQueue() {
        for (int i = 0; i < 8; i++) {
            store.accept(app, BATCH);
        }
        later();

        BackgroundTask ended =
                store.finish(start(new BackgroundTask.CancelWaiting(app.id(), endpoint.id(), clock.instant())));

        assertThat(ended.changed()).isEqualTo(8L * BATCH);
        assertThat(store.claimAll()).isEmpty();
        assertThat(store.books(endpoint)).isEqualTo(new Books(8L * BATCH, 0, 0, 8L * BATCH, 0, 0));
    }
}
