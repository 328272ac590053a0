package io.posthorn.storage.local;

import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a local engine under the contract suites. */
final class LocalFixture implements EngineFixture {
    private final ManualClock clock;
    private final boolean durable;
    private final boolean keepsUnflushed;
    private final Supplier<LocalEngine> engines;
    private @Nullable LocalEngine engine;

    LocalFixture(ManualClock clock, boolean durable, Supplier<LocalEngine> engines) {
        this(clock, durable, true, engines);
    }

    LocalFixture(ManualClock clock, boolean durable, boolean keepsUnflushed, Supplier<LocalEngine> engines) {
        this.clock = clock;
        this.durable = durable;
        this.keepsUnflushed = keepsUnflushed;
        this.engines = engines;
    }

    @Override
    public StorageEngine open() {
        LocalEngine opened = engines.get();
        Futures.resultOf(opened.open());
        engine = opened;
        return opened;
    }

    @Override
    public StorageEngine crashAndReopen() {
        Futures.resultOf(engine.abandon());
        return open();
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public boolean durable() {
        return durable;
    }

    @Override
    public boolean keepsUnflushed() {
        return keepsUnflushed;
    }

    @Override
    public void close() {
        Futures.resultOf(engine.close());
    }
}
