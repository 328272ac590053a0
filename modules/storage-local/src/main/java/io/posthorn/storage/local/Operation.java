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
        UPKEEP,
        /** As {@link #ALONE} without a flush, where a later one of the same caller brings it. */
        UNFLUSHED,
        /**
         * Moves on what waits for nobody, a step at a time: behind its group and alone, never refused for space. It needs
         * no flush of its own: a crash that forgets a step forgets all of it, and the step is done again.
         */
        BACKGROUND;

        /** Whether it goes on while space runs low. */
        boolean addsNothing() {
            return this == SETTLE || this == CONTROL || this == UPKEEP || this == BACKGROUND;
        }

        /** Whether its answer waits for a flush. */
        boolean isFlushed() {
            return this != SETTLE && this != UNFLUSHED && this != BACKGROUND;
        }
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
