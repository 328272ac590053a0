package io.posthorn.storage;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets calls into a store while it is open, and knows when the last one has come out after it was shut. Any thread. */
final class Gate {
    private boolean open;
    private int inside;
    private @Nullable Promise<Void> emptied;

    synchronized void open() {
        open = true;
    }

    /** Lets no more in; completes when none is inside. */
    synchronized Future<Void> shut() {
        open = false;
        if (inside == 0) {
            return Future.succeededFuture();
        }
        if (emptied == null) {
            emptied = Promise.promise();
        }
        return emptied.future();
    }

    /** The call's result; fails with STORE_UNAVAILABLE when the gate is shut, and then the call was not made. */
    <T> Future<T> through(Supplier<Future<T>> call) {
        if (!entered()) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.STORE_UNAVAILABLE, "the store is being changed over: try again in a moment"));
        }
        return call.get().onComplete(result -> left());
    }

    private synchronized boolean entered() {
        if (open) {
            inside++;
        }
        return open;
    }

    private void left() {
        Promise<Void> waiting = null;
        synchronized (this) {
            inside--;
            if (inside == 0) {
                waiting = emptied;
                emptied = null;
            }
        }
        if (waiting != null) {
            waiting.complete();
        }
    }
}
