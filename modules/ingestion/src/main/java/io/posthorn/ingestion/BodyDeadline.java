package io.posthorn.ingestion;

import io.vertx.core.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Gives up on bodies that do not come in time. Most come in the turn of the event loop that brought their head, so that a
 * timer is started only for those that are missing after it. Belongs to one event loop.
 */
final class BodyDeadline {
    private final Consumer<Runnable> nextTurn;
    private final LongFunction<Timer> timer;
    private final Duration limit;

    /**
     * @param nextTurn runs something after all that the event loop has in hand now
     * @param timer starts a timer of so many milliseconds
     */
    BodyDeadline(Consumer<Runnable> nextTurn, LongFunction<Timer> timer, Duration limit) {
        this.nextTurn = nextTurn;
        this.timer = timer;
        this.limit = limit;
    }

    void watch(BodyReader reader) {
        if (!reader.body().isComplete()) {
            nextTurn.accept(() -> watchOn(reader));
        }
    }

    private void watchOn(BodyReader reader) {
        if (!reader.body().isComplete()) {
            Timer late = timer.apply(limit.toMillis());
            late.onSuccess(expired -> reader.expire());
            reader.body().onComplete(done -> late.cancel());
        }
    }
}
