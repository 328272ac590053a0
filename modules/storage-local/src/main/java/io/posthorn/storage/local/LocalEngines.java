package io.posthorn.storage.local;

import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.StorageEngine;
import java.nio.file.Path;
import java.time.InstantSource;

/** Makes the engines of this module. */
public final class LocalEngines {
    private LocalEngines() {}

    /** Keeps everything in memory: for tests and throw-away runs. Its health is degraded, and says why. */
    public static StorageEngine memory(EngineOptions options, InstantSource clock) {
        return memory(new MemoryMap(), options, clock);
    }

    /**
     * Keeps everything in a directory, which is made if it is not there. An event counts as accepted when it has been
     * flushed to the disk. One process at a time.
     */
    public static StorageEngine disk(Path directory, EngineOptions options, InstantSource clock) {
        return disk(directory, options, clock, FreeSpace.of(directory, options.minFreeBytes()));
    }

    static LocalEngine memory(OrderedMap map, EngineOptions options, InstantSource clock) {
        return new LocalEngine(
                "memory",
                new RoleHealth.Check(
                        "engine",
                        RoleHealth.Status.DEGRADED,
                        "memory: accepted events are lost when this process ends"),
                new StoreThread(() -> map, clock, options, FreeSpace.unlimited(), "posthorn-store-memory"));
    }

    static LocalEngine disk(Path directory, EngineOptions options, InstantSource clock, FreeSpace freeSpace) {
        DataDirectory data = new DataDirectory(directory);
        return new LocalEngine(
                "disk",
                new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "disk: flushed before each answer"),
                new StoreThread(data::open, clock, options, freeSpace, "posthorn-store-disk"));
    }
}
