package io.posthorn.storage;

import io.posthorn.storage.api.StorageEngine;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the engine's sweep as often as it asks for, one at a time. Verticle context. */
final class Sweeps {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final StorageEngine engine;
    private final EngineCalls calls;
    private final Timers timers;
    private boolean stopped;
    private long timer;

    Sweeps(StorageEngine engine, EngineCalls calls, Timers timers) {
        this.engine = engine;
        this.calls = calls;
        this.timers = timers;
    }

    void start() {
        schedule(AFTER_FAILURE);
    }

    void stop() {
        stopped = true;
        timers.cancel(timer);
    }

    private void schedule(Duration pause) {
        if (!stopped) {
            timer = timers.after(pause.toMillis(), this::sweep);
        }
    }

    private void sweep() {
        calls.on(engine.sweep()).onSuccess(this::schedule).onFailure(cause -> {
            LOG.debug("a sweep failed and is tried again", cause);
            schedule(AFTER_FAILURE);
        });
    }
}
