package io.posthorn.storage.local;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that the store thread is asked to do. */
final class Operation<T> {
    /** How it goes together with others. */
    enum Kind {
        /** Runs before the writes of its group and is answered at once: claims and reads of what is in memory. */
        AT_ONCE,
        /** Accepts something new: written with its group, answered after the flush, refused when space runs low. */
        ACCEPT,
        /** Moves on what was accepted: written with its group, needs no flush of its own. */
        SETTLE,
        /** Acts on what was accepted and must not be forgotten, such as a park: flushed, but never refused for space. */
        CONTROL,
        /** Reads rows that a group may be about to change, so it has a group of its own; flushed. */
        ALONE,
        /** As {@link #ALONE}, for what ends or mends: never refused for space, which it may give back. */
        UPKEEP
    }

    /** What is done. It checks first and writes after: a {@link PosthornException} leaves nothing behind. */
    @FunctionalInterface
    interface Step<T> {
        T run(Store store, long now, WriteSet writes) throws IOException;
    }

    private final Kind kind;
    private final Step<T> step;
    private final Promise<T> promise = Promise.promise();
    private @Nullable T result;

    Operation(Kind kind, Step<T> step) {
        this.kind = kind;
        this.step = step;
    }

    Kind kind() {
        return kind;
    }

    Future<T> future() {
        return promise.future();
    }

    /** Does it; answers whether its result waits for the commit. */
    boolean run(Store store, long now, WriteSet writes) throws IOException {
        try {
            result = step.run(store, now, writes);
            return true;
        } catch (PosthornException e) {
            promise.fail(e);
            return false;
        }
    }

    /** Its result counts. */
    void succeed() {
        promise.complete(result);
    }

    /** It did not happen, or nobody can say whether it did. */
    void refuse(String why) {
        promise.tryFail(new PosthornException(ErrorCode.STORE_UNAVAILABLE, why));
    }
}
