package io.posthorn.storage.local;

import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.StorageEngineContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class DiskEngineContractTest extends StorageEngineContract {
    /** Leases outlive a restart in the contract, as they do where dispatchers are other processes. */
    static final EngineOptions OPTIONS =
            new EngineOptions(1_000, 1 << 20, InFlightLimit.from(128), false, 0, Duration.ofDays(30));

    @TempDir
    Path directory;

    @Override
    protected EngineFixture newFixture() {
        ManualClock clock = new ManualClock();
        return new LocalFixture(
                clock,
                true,
                new DataDirectory(directory)::open,
                () -> LocalEngines.disk(directory, OPTIONS, clock, FreeSpace.unlimited()));
    }
}
