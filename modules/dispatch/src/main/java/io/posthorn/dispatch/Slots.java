package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * How many deliveries this instance may hold, from their claim until their result is stored: what bounds everything
 * here. Verticle context.
 */
final class Slots {
    private final int total;
    private final DispatchMetrics metrics;
    private final List<Promise<Void>> waitingForNone = new ArrayList<>();
    private int used;
    private Runnable onFree = () -> {};

    Slots(int total, DispatchMetrics metrics) {
        this.total = total;
        this.metrics = metrics;
    }

    /** Sets what is called when some have become free. */
    void onFree(Runnable listener) {
        onFree = listener;
    }

    int total() {
        return total;
    }

    int free() {
        return Math.max(0, total - used);
    }

    void take(int count) {
        used += count;
        metrics.inFlight(count);
    }

    void release(int count) {
        used -= count;
        metrics.inFlight(-count);
        if (used == 0) {
            List<Promise<Void>> waiting = List.copyOf(waitingForNone);
            waitingForNone.clear();
            waiting.forEach(promise -> promise.complete());
        }
        onFree.run();
    }

    /** Completes when none is used. */
    Future<Void> noneUsed() {
        if (used == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        waitingForNone.add(promise);
        return promise.future();
    }
}
