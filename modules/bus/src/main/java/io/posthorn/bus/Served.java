package io.posthorn.bus;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service that answers at an address until it is stopped. */
public final class Served {
    private final Supplier<Future<Void>> stop;
    private @Nullable Future<Void> stopped;

    Served(Supplier<Future<Void>> stop) {
        this.stop = stop;
    }

    /** Takes no more requests; completes when all nodes know. Those under way are still answered. Again: the same. */
    public synchronized Future<Void> stop() {
        if (stopped == null) {
            stopped = stop.get();
        }
        return stopped;
    }
}
