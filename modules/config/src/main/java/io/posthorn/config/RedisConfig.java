package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Redis that the redis engine keeps everything in. */
public record RedisConfig(
        @Setting(
                env = "REDIS_URL",
                key = "redis.url",
                doc =
                        "Where Redis is: redis://[user:password@]host[:port][/database], rediss:// for TLS; several sentinels"
                                + " or cluster nodes are separated by commas. Setting it makes the storage type auto mean redis.")
        List<RedisUrl> urls,

        @Setting(env = "REDIS_PASSWORD", key = "redis.password", doc = "The password; wins over the one in the URL.")
        @Nullable
        Secret password,

        @Setting(env = "REDIS_DB", key = "redis.database", doc = "The database's number; wins over the one in the URL.")
        @Nullable
        Integer database,

        @Setting(
                env = "WEBHOOK_REDIS_USERNAME",
                key = "redis.username",
                doc = "The ACL user; wins over the one in the URL; unset: the default user.")
        @Nullable
        String username,

        @Setting(
                env = "WEBHOOK_REDIS_MODE",
                key = "redis.mode",
                doc =
                        "What the URLs name: standalone, sentinel or cluster; auto: sentinel if a master name is set, else what"
                                + " the server says.")
        RedisMode mode,

        @Setting(
                env = "WEBHOOK_REDIS_MASTER_NAME",
                key = "redis.masterName",
                doc = "The name under which the sentinels watch the master.")
        @Nullable
        String masterName,

        @Setting(
                env = "WEBHOOK_REDIS_SHARDS",
                key = "redis.shards",
                doc = "Over how many shards applications are spread; fixed when the store is made.")
        int shards,

        @Setting(
                env = "WEBHOOK_REDIS_CONNECTIONS",
                key = "redis.connections",
                doc = "How many connections a node holds to each Redis server.")
        int connections,

        @Setting(
                env = "WEBHOOK_REDIS_CALL_TIMEOUT",
                key = "redis.callTimeout",
                doc = "How long a call may take, repeats over other connections included, before it fails.")
        Duration callTimeout,

        @Setting(
                env = "WEBHOOK_REDIS_WAIT_REPLICAS",
                key = "redis.waitReplicas",
                doc = "How many replicas must have an event before it counts as accepted.")
        int waitReplicas,

        @Setting(
                env = "WEBHOOK_REDIS_KEY_PREFIX",
                key = "redis.keyPrefix",
                doc = "What the names of all keys begin with.")
        String keyPrefix) {
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MOST_URLS = 64;
    private static final Duration SHORTEST_CALL = Duration.ofMillis(100);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

    public RedisConfig {
        urls = List.copyOf(urls);
        new Bounds()
                .size("redis.url", urls, MOST_URLS)
                .require(
                        urls.stream().map(RedisUrl::tls).distinct().count() <= 1,
                        "redis.url",
                        "redis:// and rediss:// together",
                        "either TLS to all or to none")
                .between("redis.database", database, 0, 65_535)
                .require(
                        modeOf(mode, masterName, urls) != RedisMode.CLUSTER || databaseOf(urls, database) == 0,
                        "redis.database",
                        String.valueOf(databaseOf(urls, database)),
                        "0, since a Redis Cluster has no other")
                .require(
                        mode != RedisMode.STANDALONE || urls.size() <= 1,
                        "redis.url",
                        urls.size() + " URLs",
                        "one, since redis.mode is standalone")
                .require(
                        mode != RedisMode.SENTINEL || isPresent(masterName),
                        "redis.masterName",
                        "unset",
                        "the name that the sentinels watch, since redis.mode is sentinel")
                .between("redis.shards", shards, 1, 1024)
                .between("redis.connections", connections, 1, 64)
                .require(
                        callTimeout.compareTo(SHORTEST_CALL) >= 0 && callTimeout.compareTo(LONGEST_CALL) <= 0,
                        "redis.callTimeout",
                        DurationText.format(callTimeout),
                        "100ms to 60s")
                .between("redis.waitReplicas", waitReplicas, 0, 16)
                .require(
                        PREFIX.matcher(keyPrefix).matches(),
                        "redis.keyPrefix",
                        keyPrefix,
                        "1 to 64 letters, digits, dots, dashes or underlines")
                .check();
    }

    /** The settings of a node that was told nothing: no Redis. */
    public static RedisConfig defaults() {
        return new RedisConfig(
                List.of(), null, null, null, RedisMode.AUTO, null, 16, 8, Duration.ofSeconds(5), 0, "posthorn");
    }

    /** Whether there is a Redis to use. */
    public boolean isSet() {
        return !urls.isEmpty();
    }

    /** How the servers belong together; never {@link RedisMode#AUTO}. */
    public RedisMode effectiveMode() {
        return modeOf(mode, masterName, urls);
    }

    /** The number of the database to use. */
    public int effectiveDatabase() {
        return databaseOf(urls, database);
    }

    private static RedisMode modeOf(RedisMode mode, @Nullable String masterName, List<RedisUrl> urls) {
        if (mode != RedisMode.AUTO) {
            return mode;
        }
        if (isPresent(masterName)) {
            return RedisMode.SENTINEL;
        }
        return urls.size() > 1 ? RedisMode.CLUSTER : RedisMode.STANDALONE;
    }

    private static int databaseOf(List<RedisUrl> urls, @Nullable Integer database) {
        if (database != null) {
            return database;
        }
        return urls.stream()
                .map(RedisUrl::database)
                .filter(number -> number != null)
                .findFirst()
                .orElse(0);
    }

    private static boolean isPresent(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
