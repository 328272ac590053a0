package io.posthorn.storage.local;

import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.StorageEngineContract;

class MemoryEngineContractTest extends StorageEngineContract {
    @Override
    protected EngineFixture newFixture() {
        ManualClock clock = new ManualClock();
        MemoryMap map = new MemoryMap();
        return new LocalFixture(
                clock, false, () -> map, () -> LocalEngines.memory(map, DiskEngineContractTest.OPTIONS, clock));
    }
}
