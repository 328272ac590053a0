package io.posthorn.storage.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Watches the free space of the store's disk: one thread looks, at most twice a second, and any may ask. */
final class FreeSpace {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LongSupplier freeBytes;
    private final long minimum;
    private long lookedAt;
    private volatile @Nullable String shortage;

    FreeSpace(LongSupplier freeBytes, long minimum) {
        this.freeBytes = freeBytes;
        this.minimum = minimum;
        this.lookedAt = System.nanoTime() - LOOK_NANOS;
    }

    /** For a store that is on no disk. */
    static FreeSpace unlimited() {
        return new FreeSpace(() -> Long.MAX_VALUE, 0);
    }

    static FreeSpace of(Path directory, long minimum) {
        return new FreeSpace(
                () -> {
                    try {
                        FileStore disk = Files.getFileStore(directory);
                        return disk.getUsableSpace();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                minimum);
    }

    /** Looks, when the last look is old; may block. */
    void look() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            long free = freeBytes.getAsLong();
            shortage = free >= minimum
                    ? null
                    : "the disk is nearly full: " + (free >> 20) + " MiB free, " + (minimum >> 20) + " MiB needed";
        }
    }

    /** Why nothing new was to be accepted at the last look; null when there was room. */
    @Nullable
    String shortage() {
        return shortage;
    }
}
