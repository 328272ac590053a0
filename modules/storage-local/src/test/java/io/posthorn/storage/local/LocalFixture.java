package io.posthorn.storage.local;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a local engine under the contract suites. */
final class LocalFixture implements EngineFixture {
    private final ManualClock clock;
    private final boolean durable;
    private final boolean keepsUnflushed;
    private final OrderedMap.Opener maps;
    private final Supplier<LocalEngine> engines;
    private @Nullable LocalEngine engine;

    LocalFixture(ManualClock clock, boolean durable, OrderedMap.Opener maps, Supplier<LocalEngine> engines) {
        this(clock, durable, true, maps, engines);
    }

    /** @param maps opens the map of the engine while that is closed */
    LocalFixture(
            ManualClock clock,
            boolean durable,
            boolean keepsUnflushed,
            OrderedMap.Opener maps,
            Supplier<LocalEngine> engines) {
        this.maps = maps;
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
    public StorageEngine damage(Damage damage, DeliveryKey waiting) {
        close();
        try {
            OrderedMap map = maps.open();
            HandMade.damage(map, damage, waiting, clock);
            map.close();
        } catch (IOException e) {
            throw new AssertionError("the damage could not be done", e);
        }
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
