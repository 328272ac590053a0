package io.posthorn.storage.local;

import io.posthorn.contract.RoleHealth;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.StorageEngineContract;

/** The same queue where every crash takes with it all that was not flushed. */
class PowerLossContractTest extends StorageEngineContract {
    @Override
    protected EngineFixture newFixture() {
        ManualClock clock = new ManualClock();
        MemoryMap durable = new MemoryMap();
        return new LocalFixture(
                clock,
                true,
                false,
                () -> new PowerLossMap(durable),
                () -> new LocalEngine(
                        "disk",
                        new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "power may fail"),
                        new StoreThread(
                                () -> new PowerLossMap(durable),
                                clock,
                                DiskEngineContractTest.OPTIONS,
                                FreeSpace.unlimited(),
                                "test-store-power")));
    }
}
