package io.posthorn.storage.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps one after the other without keeping those that are done, however many there are: a chain of futures would grow
 * with each of them.
 */
final class Steps {
    private Steps() {}

    /**
     * Runs a step again until it says that it was the last.
     *
     * @param step completes with whether to go on
     * @return completes behind the last step; fails with the first that fails
     */
    static Future<Void> whileMore(Supplier<Future<Boolean>> step) {
        Promise<Void> end = Promise.promise();
        next(step, end);
        return end.future();
    }

    /** Runs a step for each item, in their order. */
    static <T> Future<Void> forEach(Iterable<T> items, Function<T, Future<Void>> step) {
        Iterator<T> left = items.iterator();
        return whileMore(() ->
                left.hasNext() ? step.apply(left.next()).map(done -> left.hasNext()) : Future.succeededFuture(false));
    }

    private static void next(Supplier<Future<Boolean>> step, Promise<Void> end) {
        boolean more = true;
        while (more) {
            Future<Boolean> running;
            try {
                running = step.get();
            } catch (RuntimeException e) {
                running = Future.failedFuture(e);
            }
            if (!running.isComplete()) {
                running.onComplete((goOn, failure) -> {
                    if (failure == null && goOn) {
                        next(step, end);
                    } else {
                        end(failure, end);
                    }
                });
                return;
            }
            more = running.succeeded() && running.result();
            if (!more) {
                end(running.cause(), end);
            }
        }
    }

    private static void end(@Nullable Throwable failure, Promise<Void> end) {
        if (failure == null) {
            end.complete();
        } else {
            end.fail(failure);
        }
    }
}
