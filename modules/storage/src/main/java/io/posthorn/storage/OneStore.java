package io.posthorn.storage;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second store out of a cluster: requests go to any node with storage, so each store would get a part of the
 * messages, and know nothing of the rest.
 */
final class OneStore {
    private static final Logger LOG = LoggerFactory.getLogger(OneStore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final StorageEngine engine;
    private final Bus bus;

    OneStore(StorageEngine engine, Bus bus) {
        this.engine = engine;
        this.bus = bus;
    }

    /** Fails with a {@link StoreRefused} when another node serves another store; the engine is open. */
    Future<Void> check() {
        return bus.request(Addresses.STORE, new StorageQuery.WhichStore(), Deadline.after(PATIENCE))
                .compose(other -> engine.identity()
                        .compose(own -> other.id().equals(own.id())
                                ? Future.<Void>succeededFuture()
                                : Future.failedFuture(new StoreRefused("storage in this cluster serves the "
                                        + other.engine()
                                        + " store " + other.id() + " already, and this node has the " + engine.name()
                                        + " store " + own.id()
                                        + " (expected: the same Redis for all nodes with storage, or one"
                                        + " node with storage)"))))
                .recover(cause -> {
                    if (cause instanceof StoreRefused) {
                        return Future.failedFuture(cause);
                    }
                    if (!(cause instanceof PosthornException failed && failed.code() == ErrorCode.ROLE_UNAVAILABLE)) {
                        LOG.warn("it is not known whether others serve the same store", cause);
                    }
                    return Future.succeededFuture();
                });
    }
}
