package io.posthorn.storage.local;

import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RetentionContract;

class QuickTest extends RetentionContract {
    @Override
    protected EngineFixture newFixture() {
        ManualClock clock = new ManualClock();
        MemoryMap map = new MemoryMap();
        return new LocalFixture(clock, true, () -> LocalEngines.memory(map, DiskEngineContractTest.OPTIONS, clock));
    }
}
