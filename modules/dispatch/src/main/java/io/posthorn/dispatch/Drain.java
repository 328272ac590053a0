package io.posthorn.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** The orderly end: no more claims, attempts in flight up to a deadline, the rest handed back, all results stored. */
final class Drain {
    private final ClaimLoop loop;
    private final Deliverer deliverer;
    private final Slots slots;
    private final Timers timers;
    private final Duration patience;
    private final Duration settleTime;

    Drain(ClaimLoop loop, Deliverer deliverer, Slots slots, Timers timers, Duration patience, Duration settleTime) {
        this.loop = loop;
        this.deliverer = deliverer;
        this.slots = slots;
        this.timers = timers;
        this.patience = patience;
        this.settleTime = settleTime;
    }

    /** Completes when all is stored, or at the latest after both times; what is then left is found by its lease. */
    Future<Void> run() {
        Future<Void> done = loop.stop().compose(stopped -> slots.noneUsed());
        return within(done, patience).compose(in -> {
            if (in) {
                return Future.succeededFuture();
            }
            deliverer.abort();
            return within(done, settleTime).mapEmpty();
        });
    }

    private Future<Boolean> within(Future<Void> work, Duration limit) {
        Promise<Boolean> promise = Promise.promise();
        long timer = timers.after(limit.toMillis(), () -> promise.tryComplete(false));
        work.onComplete(done -> {
            timers.cancel(timer);
            promise.tryComplete(true);
        });
        return promise.future();
    }
}
