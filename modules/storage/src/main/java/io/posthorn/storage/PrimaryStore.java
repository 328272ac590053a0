package io.posthorn.storage;

import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared store: opened anew until that succeeds, and asked from then on whether it is there. Context, but
 * {@link #engine()}, which any thread may call.
 */
final class PrimaryStore {
    private static final Logger LOG = LoggerFactory.getLogger(PrimaryStore.class);

    private final Supplier<StorageEngine> factory;
    private final EngineCalls calls;
    private final Timers timers;
    private final Duration deadline;
    private final Runnable work;
    private volatile @Nullable StorageEngine engine;

    /** @param work told when deliveries may have become claimable */
    PrimaryStore(Supplier<StorageEngine> factory, EngineCalls calls, Timers timers, Duration deadline, Runnable work) {
        this.factory = factory;
        this.calls = calls;
        this.timers = timers;
        this.deadline = deadline;
        this.work = work;
    }

    /** The store, or null while it was never open. */
    @Nullable
    StorageEngine engine() {
        return engine;
    }

    /** Completes when it is open and takes changes; fails with the reason, at the deadline at the latest. */
    Future<Void> reach() {
        StorageEngine open = engine;
        if (open == null) {
            return open();
        }
        return within(open.identity()).compose(there -> {
            RoleHealth.Check health = open.health();
            return health.status() == RoleHealth.Status.UNHEALTHY
                    ? Future.failedFuture(health.detail())
                    : Future.succeededFuture();
        });
    }

    /** Completes when it is there, whether or not it takes changes; fails with the reason. Costs nothing while it works. */
    Future<Void> look() {
        StorageEngine open = engine;
        if (open == null) {
            return Future.failedFuture("it was never open");
        }
        return open.health().status() == RoleHealth.Status.UNHEALTHY
                ? within(open.identity()).mapEmpty()
                : Future.succeededFuture();
    }

    Future<Void> close() {
        StorageEngine open = engine;
        return open == null ? Future.succeededFuture() : open.close();
    }

    private Future<Void> open() {
        StorageEngine next = factory.get();
        next.onWork(work);
        Promise<Void> decided = Promise.promise();
        long timer = timers.after(deadline.toMillis(), () -> {
            boolean unused = decided.tryFail("no answer within " + deadline.toSeconds() + " s");
        });
        calls.on(next.open()).onComplete(opened -> {
            timers.cancel(timer);
            if (opened.failed() || decided.future().isComplete()) {
                next.close().onFailure(cause -> LOG.debug("a store that was not used did not close well", cause));
                boolean unused = opened.failed() && decided.tryFail(opened.cause());
            } else {
                engine = next;
                decided.complete();
            }
        });
        return decided.future();
    }

    private <T> Future<T> within(Future<T> call) {
        Promise<T> decided = Promise.promise();
        long timer = timers.after(deadline.toMillis(), () -> {
            boolean unused = decided.tryFail("no answer within " + deadline.toSeconds() + " s");
        });
        calls.on(call).onComplete(answered -> {
            timers.cancel(timer);
            boolean unused =
                    answered.succeeded() ? decided.tryComplete(answered.result()) : decided.tryFail(answered.cause());
        });
        return decided.future();
    }
}
