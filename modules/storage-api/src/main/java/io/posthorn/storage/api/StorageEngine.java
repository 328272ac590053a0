package io.posthorn.storage.api;

import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;

/** A place that keeps everything: queues, directory, history and tasks in one store, changed together. */
public interface StorageEngine extends DeliveryQueue, Permits, Directory, History, Tasks, Audit, Transfer {
    /** The engine's name as in the configuration: {@code memory}, {@code disk} or {@code redis}. */
    String name();

    /** Opens the store; fails with a {@link StoreRefused} when it must not be used. Called once, before all else. */
    Future<Void> open();

    /** Finishes what was begun, makes it durable and lets the store go. Calls afterwards fail. */
    Future<Void> close();

    /** Whether it takes changes now, and why not; whether what it accepts could be lost. Answers at once. */
    RoleHealth.Check health();
}
