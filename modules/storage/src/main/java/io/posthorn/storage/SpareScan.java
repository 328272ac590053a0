package io.posthorn.storage;

import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Reads a spare through at start, for whether it holds more than a directory, and for what requests it knows. */
final class SpareScan {
    private final Promise<Boolean> holdsMore = Promise.promise();
    private final Future<Void> done;

    private SpareScan(Transfer spare, KnownRequests known) {
        done = Parts.each(spare, chunk -> {
                    chunk.items().forEach(item -> look(item, known));
                    return Future.succeededFuture(true);
                })
                .onComplete(end -> {
                    if (end.succeeded()) {
                        boolean unused = holdsMore.tryComplete(false);
                    } else {
                        boolean unused = holdsMore.tryFail(end.cause());
                    }
                });
    }

    static SpareScan of(Transfer spare, KnownRequests known) {
        return new SpareScan(spare, known);
    }

    /** Whether there is anything that the primary must get; completes as soon as that is known. */
    Future<Boolean> holdsMore() {
        return holdsMore.future();
    }

    /** Completes when every request of the spare is known. */
    Future<Void> done() {
        return done;
    }

    private void look(StoredItem item, KnownRequests known) {
        if (item instanceof StoredItem.OfKey key) {
            known.add(key.key());
        } else if (item instanceof StoredItem.OfMessage message) {
            String eventId = message.message().eventId();
            if (eventId != null) {
                known.addEventId(eventId);
            }
        }
        if (!(item instanceof StoredItem.OfEntity) && !isBare(item)) {
            boolean unused = holdsMore.tryComplete(true);
        }
    }

    /** Whether it is the queue of an endpoint that nothing ever went to. */
    private static boolean isBare(StoredItem item) {
        return item instanceof StoredItem.OfQueue queue
                && queue.succeededGone() + queue.failedGone() + queue.cancelledGone() == 0;
    }
}
