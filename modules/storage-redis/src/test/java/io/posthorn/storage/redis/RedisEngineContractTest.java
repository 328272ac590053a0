package io.posthorn.storage.redis;

import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.StorageEngineContract;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisEngineContractTest extends StorageEngineContract {
    private static RedisProcess redis;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        // What a crash of the server leaves is told elsewhere; here a busy disk would only make it stall.
        redis = RedisProcess.start(Map.of("appendonly", "no"));
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        Futures.resultOf(vertx.close());
        redis.close();
    }

    @Override
    protected EngineFixture newFixture() {
        RedisServers servers =
                RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
        int shards = Integer.getInteger("posthorn.test.shards", 1);
        RedisEngineOptions options = new RedisEngineOptions(
                servers, shards, 2, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
        return new RedisFixture(vertx, options, redis::command, () -> redis.command("FLUSHALL"));
    }
}
