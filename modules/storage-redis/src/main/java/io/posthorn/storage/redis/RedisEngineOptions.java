package io.posthorn.storage.redis;

import io.posthorn.storage.api.InFlightLimit;
import java.time.Duration;

/**
 * How the engine works on its Redis.
 *
 * @param shards how many parts a new store gets, 1 to 1024; an existing one must have as many
 * @param connections to each server, 1 to 64
 * @param callTimeout within which each call is answered or failed, repeats on other connections included; 100 ms to 1 min
 * @param waitReplicas how many replicas must have what was accepted before it is answered; 0 to 16
 * @param keyPrefix what the name of every key begins with, before the {@code {shard}}; 1 to 64 letters, digits, and
 *     {@code _ . : -}
 * @param inFlightLimit how many deliveries of an endpoint may be in flight
 * @param attemptRetention how long attempts are kept; at least a minute
 */
public record RedisEngineOptions(
        RedisServers servers,
        int shards,
        int connections,
        Duration callTimeout,
        int waitReplicas,
        String keyPrefix,
        InFlightLimit inFlightLimit,
        Duration attemptRetention) {
    private static final int MAX_SHARDS = 1024;
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REPLICAS = 16;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

    public RedisEngineOptions {
        within("redis shards", shards, 1, MAX_SHARDS);
        within("redis connections", connections, 1, MAX_CONNECTIONS);
        within("redis wait replicas", waitReplicas, 0, MAX_REPLICAS);
        if (callTimeout.compareTo(MIN_TIMEOUT) < 0 || callTimeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("redis call timeout: " + callTimeout + " (expected: 100 ms to 1 min)");
        }
        if (!keyPrefix.matches("[A-Za-z0-9_.:-]{1,64}")) {
            throw new IllegalArgumentException(
                    "redis key prefix: " + keyPrefix + " (expected: 1 to 64 letters, digits, and _ . : -)");
        }
        if (attemptRetention.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("attempt retention: " + attemptRetention + " (expected: >= 1 min)");
        }
    }

    /** What fits most. */
    public static RedisEngineOptions defaults(RedisServers servers) {
        return new RedisEngineOptions(
                servers, 16, 8, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
