package io.posthorn.storage;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.DeliveryQueue;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Results of deliveries that were claimed from the primary before it went away, kept in memory until it is back: they
 * belong nowhere else, and a dispatcher that had to keep them would get no further with the others of their batch. A
 * crash forgets them, which costs a repeat, as with every result that is not stored. Holds {@value #MOST}; then it
 * takes no more and the dispatcher keeps them. Any thread.
 */
final class KeptResults {
    private static final int MOST = 20_000;
    private static final int BATCH = 256;

    private final ArrayDeque<Settlement> kept = new ArrayDeque<>();

    /** Takes them all, or fails with STORE_UNAVAILABLE. */
    synchronized Future<List<SettleOutcome>> keep(List<Settlement> results) {
        if (kept.size() + results.size() > MOST) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.STORE_UNAVAILABLE, "the shared store is away: too many results wait"));
        }
        kept.addAll(results);
        return Future.succeededFuture(Collections.nCopies(results.size(), SettleOutcome.SETTLED));
    }

    synchronized int size() {
        return kept.size();
    }

    /** Stores what is kept; what could not be stored stays. Completes when none is left. Never runs twice at a time. */
    Future<Void> storeIn(DeliveryQueue primary) {
        List<Settlement> batch = head();
        if (batch.isEmpty()) {
            return Future.succeededFuture();
        }
        return primary.settle(batch).compose(stored -> {
            drop(batch.size());
            return storeIn(primary);
        });
    }

    private synchronized List<Settlement> head() {
        return new ArrayList<>(kept.stream().limit(BATCH).toList());
    }

    private synchronized void drop(int count) {
        for (int i = 0; i < count; i++) {
            kept.remove();
        }
    }
}
