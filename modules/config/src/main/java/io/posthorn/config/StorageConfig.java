package io.posthorn.config;

import java.nio.file.Path;
import java.time.Duration;

/** Where everything is kept. */
public record StorageConfig(
        @Setting(env = "WEBHOOK_STORAGE_TYPE", key = "storage.type", doc = "The engine: auto, memory, disk or redis.")
        StorageType type,

        @Setting(
                env = "WEBHOOK_DATA_DIR",
                key = "storage.dataDir",
                doc = "The directory of the disk engine and of the generated secret.")
        Path dataDir,

        @Setting(
                env = "WEBHOOK_STORAGE_WINDOW_ENTRIES",
                key = "storage.windowEntries",
                doc = "How many waiting deliveries are kept in memory, over all endpoints together.")
        int windowEntries,

        @Setting(
                env = "WEBHOOK_STORAGE_RETENTION",
                key = "storage.retention",
                doc = "How long the payload of a message is kept when it does not say so itself.")
        Duration retention,

        @Setting(
                env = "WEBHOOK_STORAGE_ATTEMPT_RETENTION",
                key = "storage.attemptRetention",
                doc = "How long attempts are kept, and the record of a message beyond its payload.")
        Duration attemptRetention) {
    public StorageConfig {
        new Bounds()
                .present("storage.dataDir", dataDir.toString())
                .between("storage.windowEntries", windowEntries, 1_000, 100_000_000)
                .positive("storage.retention", retention, Duration.ofDays(3650))
                .positive("storage.attemptRetention", attemptRetention, Duration.ofDays(3650))
                .require(
                        attemptRetention.isNegative()
                                || attemptRetention.isZero()
                                || attemptRetention.compareTo(Duration.ofHours(1)) >= 0,
                        "storage.attemptRetention",
                        DurationText.format(attemptRetention),
                        ">= 1h")
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static StorageConfig defaults() {
        return new StorageConfig(StorageType.AUTO, Path.of("data"), 200_000, Duration.ofDays(90), Duration.ofDays(30));
    }
}
