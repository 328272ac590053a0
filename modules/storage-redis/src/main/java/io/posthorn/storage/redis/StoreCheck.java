package io.posthorn.storage.redis;

import io.posthorn.contract.RoleHealth;
import io.posthorn.storage.api.StoreRefused;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether what is there is, or may become, our store, and whether what it accepts could be lost. Any thread. */
final class StoreCheck {
    /** Of what the scripts write; a store of a higher one is not opened. */
    static final int FORMAT = 1;

    private static final Script OPEN = Script.of("open");

    private final RedisLink link;
    private final RedisEngineOptions options;
    private final Shards shards;
    private volatile RoleHealth.Check settings =
            new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "redis: not looked at yet");

    StoreCheck(RedisLink link, RedisEngineOptions options, Shards shards) {
        this.link = link;
        this.options = options;
        this.shards = shards;
    }

    /** Fails with a {@link StoreRefused} when the store must not be used; makes it where there is none. */
    Future<Void> open() {
        for (int slot = 0; slot < RedisRoutes.SLOTS; slot++) {
            if (link.routes().address(slot) == null) {
                return refused("no node of the cluster serves slot " + slot + "; repair the cluster first");
            }
        }
        return version().compose(known -> mark()).compose(marked -> look());
    }

    private Future<Void> version() {
        return asked(Request.cmd(Command.INFO).arg("server")).compose(info -> {
            String version = info == null ? null : field(info, "redis_version");
            if (version == null || isAtLeast62(version)) {
                return Future.succeededFuture();
            }
            return refused("its version is " + version + "; at least 6.2 is needed");
        });
    }

    private static boolean isAtLeast62(String version) {
        String[] parts = version.split("\\.");
        try {
            int major = Integer.parseInt(parts[0]);
            return major > 6 || major == 6 && parts.length > 1 && Integer.parseInt(parts[1]) >= 2;
        } catch (NumberFormatException e) {
            // Another server that speaks the protocol, with versions of its own kind.
            return true;
        }
    }

    private Future<Void> mark() {
        List<Object> args = List.of(FORMAT, options.shards(), UUID.randomUUID());
        return link.run(OPEN, shards.directory(), args).transform((answer, failure) -> {
            if (failure != null) {
                return refused(failure.getMessage());
            }
            String word = answer.get(0).toString();
            return switch (word) {
                case "ours" -> Future.succeededFuture();
                case "foreign" ->
                    refused("keys that begin with " + options.keyPrefix()
                            + ": hold something else; choose another key prefix or database");
                case "format" ->
                    refused("the store has format " + answer.get(1) + ", this version of Posthorn knows up to "
                            + FORMAT);
                default ->
                    refused("the store has " + answer.get(1) + " shards, configured are " + options.shards()
                            + "; the number is fixed when a store is made");
            };
        });
    }

    /** Reads again what decides whether an accepted event could be lost. */
    Future<Void> look() {
        List<Future<@Nullable Response>> asked = new ArrayList<>();
        for (String name : List.of("appendonly", "appendfsync", "maxmemory-policy")) {
            asked.add(asked(Request.cmd(Command.CONFIG).arg("GET").arg(name)));
        }
        return Future.join(asked).map(all -> {
            settings = judge(value(asked.get(0)), value(asked.get(1)), value(asked.get(2)));
            return null;
        });
    }

    /** What was found by the last look. */
    RoleHealth.Check settings() {
        return settings;
    }

    private static RoleHealth.Check judge(@Nullable String aof, @Nullable String fsync, @Nullable String eviction) {
        List<String> doubts = new ArrayList<>();
        if (aof == null || fsync == null || eviction == null) {
            doubts.add(
                    "CONFIG GET is not allowed, so it could not be checked that appendonly is yes, appendfsync always"
                            + " and maxmemory-policy noeviction");
        } else {
            if (!aof.equals("yes")) {
                doubts.add("appendonly is " + aof
                        + ": a restart of Redis loses what was accepted since its last snapshot");
            } else if (fsync.equals("no")) {
                doubts.add("appendfsync is no: a crash of its machine loses what was accepted in about the last 30 s");
            } else if (fsync.equals("everysec")) {
                doubts.add(
                        "appendfsync is everysec: a crash of its machine loses what was accepted in the last second");
            }
            if (!eviction.equals("noeviction")) {
                doubts.add("maxmemory-policy is " + eviction + ": accepted events may be evicted");
            }
        }
        return doubts.isEmpty()
                ? new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "redis: flushed before each answer")
                : new RoleHealth.Check("engine", RoleHealth.Status.DEGRADED, "redis: " + String.join("; ", doubts));
    }

    /** Null where it may not be asked. */
    private Future<@Nullable Response> asked(Request request) {
        return link.read(shards.directory(), List.of(request))
                .transform((answers, failure) -> Future.succeededFuture(failure == null ? answers.get(0) : null));
    }

    private static @Nullable String value(Future<@Nullable Response> answer) {
        Response pair = answer.result();
        return pair == null || pair.size() < 2 ? null : pair.get(1).toString();
    }

    private static @Nullable String field(Response info, String name) {
        return info.toString()
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    private <T> Future<T> refused(@Nullable String why) {
        return Future.failedFuture(new StoreRefused(
                "redis at " + String.join(",", options.servers().addresses()) + ": " + why));
    }
}
