package io.posthorn.bus;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** A service that answers at an address until it is stopped. */
public final class Served {
    private final Supplier<Future<Void>> stop;

    Served(Supplier<Future<Void>> stop) {
        this.stop = stop;
    }

    /** Takes no more requests; completes when all nodes know. Those under way are still answered. */
    public Future<Void> stop() {
        return stop.get();
    }
}
