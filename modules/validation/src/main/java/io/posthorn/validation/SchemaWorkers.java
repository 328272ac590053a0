package io.posthorn.validation;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the work that takes long on threads of its own; so many at a time wait or run, and more are refused. Any thread. */
final class SchemaWorkers {
    private final WorkerExecutor executor;
    private final AtomicInteger waiting;
    private final int maxWaiting;

    /** @param waiting how many wait or run on the node, counted by all instances together */
    SchemaWorkers(WorkerExecutor executor, AtomicInteger waiting, int maxWaiting) {
        this.executor = executor;
        this.waiting = waiting;
        this.maxWaiting = maxWaiting;
    }

    /** Completes on the caller's context with what the work answers; fails with OVERLOADED when too many wait. */
    <T> Future<T> run(Callable<T> work) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            return Future.failedFuture(new PosthornException(
                    ErrorCode.OVERLOADED, maxWaiting + " payloads wait to be held against their schemas"));
        }
        return executor.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }
}
