package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In which turn tasks and fresh messages go, and what a crash, a removal or time does to tasks. */
public abstract class TaskTurnsContract extends TaskSuite {
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
}
