package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Starts tasks and makes what they work on. */
abstract class TaskSuite extends EngineSuite {
    static final int MANY = 10_000;
    static final int BATCH = 250;
    static final int ROOM = 20_000;

    Application app;
    Endpoint endpoint;
    Instant beginning;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
        store.limit(endpoint, ROOM);
        beginning = clock.instant();
    }

    BackgroundTask recover(Instant since, Instant until) {
        return start(new BackgroundTask.Recover(app.id(), endpoint.id(), since, until));
    }

    BackgroundTask start(BackgroundTask.Work work) {
        return store.start(work);
    }

    StorageQuery.TaskPage page(BackgroundTask.@Nullable Status status, PageRequest page) {
        return resultOf(store.engine().tasks(new StorageQuery.Tasks(OrganizationId.DEFAULT, status, page)));
    }

    static PageRequest all() {
        return new PageRequest(PageRequest.MAX_LIMIT, null, false, true);
    }

    /** A message whose delivery failed for good. */
    @CanIgnoreReturnValue
    Message fail() {
        Message message = store.accept(app);
        store.exhaust(store.claimOne());
        return message;
    }

    void failMany(int count) {
        for (int left = count; left > 0; left -= BATCH) {
            store.accept(app, Math.min(left, BATCH));
        }
        int failed = 0;
        while (failed < count) {
            failed += exhaustSome(BATCH);
        }
        later();
    }

    int exhaustSome(int most) {
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
    void later() {
        clock.advance(Duration.ofSeconds(1));
    }
}
