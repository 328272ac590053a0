package io.posthorn.app;

import io.posthorn.config.RedisConfig;
import io.posthorn.config.Settings;
import io.posthorn.config.StorageType;
import io.posthorn.storage.FallbackEngine;
import io.posthorn.storage.FallbackOptions;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.storage.redis.RedisEngineOptions;
import io.posthorn.storage.redis.RedisEngines;
import io.posthorn.storage.redis.RedisServers;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;

/** Makes storage engines: the one of the settings, or the one that keeps its data at a named place. None is open yet. */
final class Engines {
    /** How a place is written, for messages and usage texts. */
    static final String FORMS = "disk:DIRECTORY, redis://host:port/database, or disk or redis as in the settings";

    private static final String DISK = "disk";
    private static final String REDIS = "redis";
    private static final String MEMORY = "memory";
    private static final Pattern CREDENTIALS = Pattern.compile("(?s)^(rediss?://).*@");

    private final Settings settings;
    private final InstantSource clock;
    private final Vertx vertx;

    /**
     * Makes engines of these settings.
     *
     * @param settings say which engine a node has, and how engines behave
     * @param vertx what engines with connections run on; it outlives them
     */
    Engines(Settings settings, InstantSource clock, Vertx vertx) {
        this.settings = settings;
        this.clock = clock;
        this.vertx = vertx;
    }

    /** The engine of a node with these settings. */
    StorageEngine ofNode() {
        return switch (settings.storage().type()) {
            case MEMORY -> LocalEngines.memory(options(), clock);
            case DISK -> disk(settings.storage().dataDir());
            case REDIS -> redis();
            case AUTO ->
                settings.redis().isSet()
                        ? new FallbackEngine(
                                vertx,
                                this::redis,
                                disk(settings.storage().dataDir()),
                                clock,
                                FallbackOptions.defaults())
                        : disk(settings.storage().dataDir());
        };
    }

    /**
     * The store of a node with these settings, for a program that works on it while no node does.
     *
     * @throws StartRefused when there is none
     */
    StorageEngine ofStoppedNode() throws StartRefused {
        if (settings.storage().type() == StorageType.MEMORY) {
            throw new StartRefused("the settings name the engine memory, which keeps nothing for others to"
                    + " open (expected: a node to ask with --url, or storage.type disk)");
        }
        return settings.redis().isSet() && settings.storage().type() != StorageType.DISK
                ? redis()
                : existingDisk(settings.storage().dataDir());
    }

    /**
     * The engine at a place where there is a store already.
     *
     * @throws IllegalArgumentException as {@link #at}
     * @throws StartRefused when there is none
     */
    StorageEngine existing(String place) throws StartRefused {
        if (place.equals(DISK)) {
            return existingDisk(settings.storage().dataDir());
        }
        return place.startsWith(DISK + ":") && place.length() > DISK.length() + 1
                ? existingDisk(directory(place))
                : at(place);
    }

    /** The place without the user and the password that it may name. */
    static String shown(String place) {
        return CREDENTIALS.matcher(place).replaceFirst("$1");
    }

    /**
     * The engine at a place such as {@code disk:/var/lib/posthorn} or {@code redis://127.0.0.1:6379/0}; {@code disk} alone
     * is the directory of the settings, and {@code redis} the Redis of the settings. What a URL does not say comes from
     * the settings, but for the database, which is 0 then.
     *
     * @throws IllegalArgumentException when it names none; the message says what was expected
     */
    StorageEngine at(String place) {
        if (place.equals(DISK)) {
            return disk(settings.storage().dataDir());
        }
        if (place.equals(REDIS) && settings.redis().isSet()) {
            return redis();
        }
        if (place.equals(REDIS)) {
            throw new IllegalArgumentException("redis (expected: REDIS_URL, or redis.url in the settings, says where)");
        }
        if (place.startsWith(REDIS + "://") || place.startsWith(REDIS + "s://")) {
            return redis(servers(List.of(place.split(",")), settings.redis()));
        }
        if (place.equals(MEMORY) || place.startsWith(MEMORY + ":")) {
            throw new IllegalArgumentException(
                    place + " (expected: " + FORMS + "; what is in memory ends with its process)");
        }
        if (place.startsWith(DISK + ":") && place.length() > DISK.length() + 1) {
            return disk(directory(place));
        }
        throw new IllegalArgumentException(shown(place) + " (expected: " + FORMS + ")");
    }

    private static Path directory(String place) {
        try {
            return Path.of(place.substring(DISK.length() + 1));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(place + " (expected: " + FORMS + "): " + e.getReason(), e);
        }
    }

    /** Opening would make one, and a misspelt directory would pass for an empty store. */
    private StorageEngine existingDisk(Path directory) throws StartRefused {
        if (!Files.isDirectory(directory)) {
            throw new StartRefused("there is no store at " + directory.toAbsolutePath());
        }
        return disk(directory);
    }

    private StorageEngine disk(Path directory) {
        return LocalEngines.disk(directory, options(), clock);
    }

    private EngineOptions options() {
        EngineOptions defaults = EngineOptions.defaults();
        return new EngineOptions(
                settings.storage().windowEntries(),
                defaults.messageCacheBytes(),
                inFlightLimit(),
                // Dispatchers elsewhere go on with what they hold while the storage of a cluster starts again.
                !settings.cluster().isOn(),
                defaults.minFreeBytes(),
                settings.storage().attemptRetention());
    }

    private InFlightLimit inFlightLimit() {
        int most = settings.dispatch().maxInFlightPerEndpoint();
        return new InFlightLimit(Math.min(settings.dispatch().firstInFlightPerEndpoint(), most), most);
    }

    private StorageEngine redis() {
        RedisConfig redis = settings.redis();
        RedisServers.Mode mode = mode(redis);
        return redis(RedisServers.of(
                redis.urls().stream().map(url -> url.text().value()).toList(),
                mode,
                mode == RedisServers.Mode.SENTINEL ? redis.masterName() : null,
                redis.username(),
                redis.password(),
                redis.effectiveDatabase()));
    }

    private StorageEngine redis(RedisServers servers) {
        RedisConfig redis = settings.redis();
        return RedisEngines.redis(
                vertx,
                new RedisEngineOptions(
                        servers,
                        redis.shards(),
                        redis.connections(),
                        redis.callTimeout(),
                        redis.waitReplicas(),
                        redis.keyPrefix(),
                        inFlightLimit(),
                        settings.storage().attemptRetention()),
                clock);
    }

    private static RedisServers.Mode mode(RedisConfig redis) {
        return switch (redis.effectiveMode()) {
            case SENTINEL -> RedisServers.Mode.SENTINEL;
            case CLUSTER -> RedisServers.Mode.CLUSTER;
            case STANDALONE, AUTO -> RedisServers.Mode.STANDALONE;
        };
    }

    /** The servers of these URLs; who names a user there means that one and its password. */
    private static RedisServers servers(List<String> urls, RedisConfig redis) {
        boolean named = urls.stream().anyMatch(url -> url.contains("@"));
        RedisServers.Mode mode = urls.size() > 1 && mode(redis) == RedisServers.Mode.STANDALONE
                ? RedisServers.Mode.CLUSTER
                : mode(redis);
        return RedisServers.of(
                urls,
                mode,
                mode == RedisServers.Mode.SENTINEL ? redis.masterName() : null,
                named ? null : redis.username(),
                named ? null : redis.password(),
                null);
    }
}
