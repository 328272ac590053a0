package io.posthorn.storage.redis;

import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the engine of this module. */
public final class RedisEngines {
    private RedisEngines() {}

    /**
     * Keeps everything in Redis, for any number of nodes together. Times are those of the clock of Redis; callers name and
     * read them by the clock of this node, whatever it shows.
     *
     * @param clock of this node
     */
    public static StorageEngine redis(Vertx vertx, RedisEngineOptions options, InstantSource clock) {
        return redis(vertx, options, clock, null);
    }

    /** @param redisTime the time that scripts are to take for that of Redis, for tests; null for the real one */
    static RedisEngine redis(
            Vertx vertx, RedisEngineOptions options, InstantSource clock, @Nullable InstantSource redisTime) {
        String node = Integer.toHexString(UUID.randomUUID().hashCode());
        RedisLink link = new RedisLink(
                vertx,
                options,
                () -> (redisTime == null ? "" : Long.toString(redisTime.millis())) + ":"
                        + options.inFlightLimit().most() + ":"
                        + options.inFlightLimit().first() + ":" + node);
        return new RedisEngine(vertx, options, link, clock, node);
    }
}
