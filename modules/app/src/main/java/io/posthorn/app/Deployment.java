package io.posthorn.app;

import io.vertx.core.Deployable;
import io.vertx.core.ThreadingModel;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One line of the table that says what runs.
 *
 * @param name the role, such as {@code storage}
 * @param supplier makes a new instance; called once for each instance
 * @param instances at least 1
 * @param threadingModel where its code runs
 * @param stopTimeout how long its stop may take before the node goes on without it
 */
record Deployment(
        String name,
        Supplier<? extends Deployable> supplier,
        int instances,
        ThreadingModel threadingModel,
        Duration stopTimeout) {
    Deployment {
        if (instances < 1 || stopTimeout.isNegative() || stopTimeout.isZero()) {
            throw new IllegalArgumentException("deployment " + name + " has no instance or no time to stop");
        }
    }

    /** One instance on an event loop. */
    static Deployment single(String name, Supplier<? extends Deployable> supplier, Duration stopTimeout) {
        return new Deployment(name, supplier, 1, ThreadingModel.EVENT_LOOP, stopTimeout);
    }
}
