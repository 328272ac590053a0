package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What background tasks do, whom they let go first, and what a crash between two steps leaves. */
public abstract class TaskContract extends EngineSuite {
    private static final int MANY = 10_000;
    private static final int BATCH = 250;
    private static final int ROOM = 20_000;

    private Application app;
    private Endpoint endpoint;
    private Instant beginning;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
        store.limit(endpoint, ROOM);
        beginning = clock.instant();
    }

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

    @Test
    void stepsAreSmallAndTellHowFarTheyCame() {
        // Given
        failMany(1_000);
        BackgroundTask task = recover(beginning, clock.instant());

        // When
        long most = 0;
        long before = 0;
        int steps = 0;
        while (!task.isEnd()) {
            Duration pause = resultOf(store.engine().sweep());
            task = store.task(task);
            if (!task.isEnd()) {
                assertThat(pause).as("pause while a task runs").isBetween(Duration.ZERO, Duration.ofMillis(100));
            }
            most = Math.max(most, task.changed() - before);
            before = task.changed();
            steps++;
        }

        // Then
        assertThat(task.changed()).isEqualTo(1_000);
        assertThat(most).isLessThanOrEqualTo(250);
        assertThat(steps).isGreaterThanOrEqualTo(4);
        assertThat(store.claimAll())
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(1_000);
    }

    @Test
    void freshMessageGoesBeforeTenThousandRecoveredOnes() {
        // Given
        failMany(MANY);
        Endpoint other = store.endpoint(app);
        BackgroundTask task = store.finish(recover(beginning, clock.instant()));
        assertThat(task.changed()).isEqualTo(MANY);
        assertThat(store.claim(4)).hasSize(4);

        // When
        Message fresh = store.accept(app);
        List<ClaimedDelivery> next = store.claim(9);

        // Then
        assertThat(next)
                .as("at most a quantum later, on its own endpoint and on others")
                .extracting(ClaimedDelivery::key)
                .contains(EngineDriver.key(fresh, endpoint), EngineDriver.key(fresh, other));
    }

    @Test
    void recoveredOnesGoBeforeRetriesThatFailAfterwards() {
        Message recovered = fail();
        later();
        store.finish(recover(beginning, clock.instant()));
        Message fresh = store.accept(app);
        ClaimedDelivery first = store.claimOne();
        store.retry(first, Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));

        List<ClaimedDelivery> order = store.claim(2);

        assertThat(order).extracting(one -> one.key().message()).containsExactly(recovered.id(), fresh.id());
    }

    @Test
    void severalTasksTakeTurns() {
        // Given
        Application otherApp = store.application();
        Endpoint other = store.endpoint(otherApp);
        store.limit(other, ROOM);
        failMany(1_000);
        for (int i = 0; i < 4; i++) {
            store.accept(otherApp, BATCH);
        }
        store.claimAll().forEach(store::exhaust);
        later();
        BackgroundTask first = recover(beginning, clock.instant());
        BackgroundTask second =
                start(new BackgroundTask.Recover(otherApp.id(), other.id(), beginning, clock.instant()));

        // When
        while (store.task(first).changed() < 500) {
            resultOf(store.engine().sweep());
        }
        long secondMeanwhile = store.task(second).changed();
        first = store.finish(first);
        second = store.finish(second);

        // Then
        assertThat(secondMeanwhile).isBetween(200L, 800L);
        assertThat(first.changed()).isEqualTo(1_000);
        assertThat(second.changed()).isEqualTo(1_000);
        assertThat(store.claimAll())
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(2_000);
    }

    @Test
    void crashBetweenStepsRepeatsAndMissesNothing() {
        assumeTrue(fixture.durable(), "only durable engines keep anything");
        // Given
        failMany(1_000);
        Application quiet = store.application();
        BackgroundTask task = recover(beginning, clock.instant());
        assertThat(task.isEnd()).isFalse();

        // When: what is accepted is flushed, and everything before it
        int sent = 0;
        for (int round = 0; round < 4; round++) {
            resultOf(store.engine().sweep());
            resultOf(store.engine().sweep());
            sent += exhaustSome(50);
            store.accept(quiet);
            crash();
            store.limit(endpoint, ROOM);
            store.pass(LEASE_AND_MORE);
        }
        BackgroundTask ended = store.finish(task);

        // Then: what was sent and failed again is not recovered twice
        List<ClaimedDelivery> left = store.claimAll();
        assertThat(left).extracting(ClaimedDelivery::key).doesNotHaveDuplicates();
        assertThat(left.size() + sent).isEqualTo(1_000);
        assertThat(ended.changed()).isEqualTo(1_000);
    }

    @Test
    void crashOfAnyKindForgetsAStepWholeOrNotAtAll() {
        assumeTrue(fixture.durable(), "only durable engines keep anything");
        // Given
        failMany(1_000);
        BackgroundTask task = recover(beginning, clock.instant());

        // When
        for (int round = 0; round < 6; round++) {
            resultOf(store.engine().sweep());
            crash();
            BackgroundTask now = store.task(task);
            assertThat(store.books(endpoint).waiting()).as("put back").isEqualTo(now.changed());
        }
        BackgroundTask ended = store.finish(task);
        store.limit(endpoint, ROOM);

        // Then
        assertThat(ended.changed()).isEqualTo(1_000);
        assertThat(store.claimAll())
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(1_000);
    }

    @Test
    void tasksAreKnownAfterACrash() {
        assumeTrue(fixture.durable(), "only durable engines keep anything");
        fail();
        later();
        BackgroundTask ended = store.finish(recover(beginning, clock.instant()));
        BackgroundTask running = recover(beginning, clock.instant());
        store.accept(app);

        crash();

        assertThat(store.task(running)).isEqualTo(running);
        assertThat(store.finish(running).isEnd()).isTrue();
        assertThat(store.task(ended)).isEqualTo(ended);
    }

    @Test
    void taskOfARemovedEndpointFails() {
        failMany(500);
        BackgroundTask task = recover(beginning, clock.instant());
        resultOf(store.engine().sweep());

        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));
        BackgroundTask ended = store.finish(task);
        store.sweep();

        assertThat(ended.status()).isEqualTo(BackgroundTask.Status.FAILED);
        assertThat(ended.failure()).contains("endpoint");
        assertThat(store.claimAll()).isEmpty();
        assertThat(store.books().balance()).isTrue();
        assertThat(store.books().waiting()).isZero();
    }

    @Test
    void unknownEndpointOrTaskIsNotFound() {
        EndpointId noEndpoint = EndpointId.at(clock.millis());
        BackgroundTask.Work work = new BackgroundTask.CancelWaiting(app.id(), noEndpoint, clock.instant());
        TaskId id = TaskId.at(clock.millis());

        assertThat(codeOf(store.engine().start(new Requests.StartTask(id, OrganizationId.DEFAULT, work))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine().task(new StorageQuery.OneTask(OrganizationId.DEFAULT, id))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void sameIdAgainAnswersTheTaskAsItStands() {
        // Given
        fail();
        later();
        BackgroundTask task = recover(beginning, clock.instant());
        Requests.StartTask again = new Requests.StartTask(task.id(), OrganizationId.DEFAULT, task.work());

        // When
        BackgroundTask whileRunning = resultOf(store.engine().start(again));
        BackgroundTask ended = store.finish(task);
        BackgroundTask afterwards = resultOf(store.engine().start(again));
        store.sweep();

        // Then
        assertThat(whileRunning).isEqualTo(task);
        assertThat(afterwards).isEqualTo(ended);
        assertThat(store.claimAll()).hasSize(1);
    }

    @Test
    void tasksAreListedByIdAndStatus() {
        // Given
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(recover(beginning, clock.instant()).id());
            clock.advance(Duration.ofMillis(4));
        }
        while (page(BackgroundTask.Status.RUNNING, all()).items().size() > 0) {
            resultOf(store.engine().sweep());
        }
        BackgroundTask running = recover(beginning, clock.instant());
        ids.add(running.id());

        // When
        StorageQuery.TaskPage first = page(null, new PageRequest(2, null, false, true));
        StorageQuery.TaskPage rest = page(null, new PageRequest(10, ids.get(1).value(), false, true));
        StorageQuery.TaskPage newest = page(null, new PageRequest(1, null, false, false));

        // Then
        assertThat(first.items()).extracting(BackgroundTask::id).containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(first.done()).isFalse();
        assertThat(rest.items()).extracting(BackgroundTask::id).containsExactlyElementsOf(ids.subList(2, 6));
        assertThat(rest.done()).isTrue();
        assertThat(newest.items()).extracting(BackgroundTask::id).containsExactly(running.id());
        assertThat(page(BackgroundTask.Status.RUNNING, all()).items()).containsExactly(running);
        assertThat(page(BackgroundTask.Status.FINISHED, all()).items()).hasSize(5);
        assertThat(page(BackgroundTask.Status.FAILED, all()).items()).isEmpty();
    }

    @Test
    void endedTasksAreForgottenAfterAWhile() {
        BackgroundTask ended = store.finish(recover(beginning, clock.instant()));

        store.pass(Duration.ofDays(29));
        BackgroundTask kept = store.task(ended);
        store.pass(Duration.ofDays(2));

        assertThat(kept).isEqualTo(ended);
        assertThat(codeOf(store.engine().task(new StorageQuery.OneTask(OrganizationId.DEFAULT, ended.id()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(page(null, all()).items()).isEmpty();
    }

    private BackgroundTask recover(Instant since, Instant until) {
        return start(new BackgroundTask.Recover(app.id(), endpoint.id(), since, until));
    }

    private BackgroundTask start(BackgroundTask.Work work) {
        return store.start(work);
    }

    private StorageQuery.TaskPage page(BackgroundTask.@Nullable Status status, PageRequest page) {
        return resultOf(store.engine().tasks(new StorageQuery.Tasks(OrganizationId.DEFAULT, status, page)));
    }

    private static PageRequest all() {
        return new PageRequest(PageRequest.MAX_LIMIT, null, false, true);
    }

    /** A message whose delivery failed for good. */
    @CanIgnoreReturnValue
    private Message fail() {
        Message message = store.accept(app);
        store.exhaust(store.claimOne());
        return message;
    }

    private void failMany(int count) {
        for (int left = count; left > 0; left -= BATCH) {
            store.accept(app, Math.min(left, BATCH));
        }
        int failed = 0;
        while (failed < count) {
            failed += exhaustSome(BATCH);
        }
        later();
    }

    private int exhaustSome(int most) {
        List<ClaimedDelivery> claimed = store.claim(most);
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedDelivery one : claimed) {
            settlements.add(new Settlement(
                    one.key(), one.fence(), new Settlement.Verdict.Exhausted(), given.attempt(one, 500)));
        }
        resultOf(store.engine().settle(settlements));
        return claimed.size();
    }

    /** All messages so far were accepted before the time it is then. */
    private void later() {
        clock.advance(Duration.ofSeconds(1));
    }
}
