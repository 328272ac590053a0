package io.posthorn.storage.local;

import io.posthorn.storage.api.InFlightLimit;
import java.time.Duration;

/**
 * How a local engine behaves.
 *
 * @param windowEntries how many waiting deliveries are kept in memory over all endpoints together; the rest is read from
 *     the map when its turn comes
 * @param messageCacheBytes how many bytes of lately accepted messages are kept for their first attempt
 * @param inFlightLimit how many deliveries of an endpoint may be in flight
 * @param soleNode whether no other process can hold leases of this store: then what was in flight when it was closed
 *     waits again as soon as it is opened
 * @param minFreeBytes with less free space than this nothing new is accepted, so that what was accepted can still be
 *     settled; disk engine only
 * @param attemptRetention how long attempts are kept after they began, and the record of a message after its contents
 *     went; at least an hour
 */
public record EngineOptions(
        int windowEntries,
        long messageCacheBytes,
        InFlightLimit inFlightLimit,
        boolean soleNode,
        long minFreeBytes,
        Duration attemptRetention) {
    private static final Duration MIN_RETENTION = Duration.ofHours(1);

    public EngineOptions {
        if (windowEntries < 1 || messageCacheBytes < 0 || minFreeBytes < 0) {
            throw new IllegalArgumentException("an option is out of its bounds");
        }
        if (attemptRetention.compareTo(MIN_RETENTION) < 0) {
            throw new IllegalArgumentException(
                    "attemptRetention: " + attemptRetention + " (expected: at least an hour)");
        }
    }

    /** For one process on a machine of any size. */
    public static EngineOptions defaults() {
        return new EngineOptions(200_000, 64L << 20, InFlightLimit.from(128), true, 64L << 20, Duration.ofDays(30));
    }
}
