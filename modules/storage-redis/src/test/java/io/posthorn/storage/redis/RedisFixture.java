package io.posthorn.storage.redis;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Runs the engine under the contract suites, over a Redis that it empties first, at the time of the test's clock. */
final class RedisFixture implements EngineFixture {
    private final Vertx vertx;
    private final RedisEngineOptions options;
    private final RedisProcess redis;
    private final ManualClock clock = new ManualClock();
    private @Nullable RedisEngine engine;

    RedisFixture(Vertx vertx, RedisEngineOptions options, RedisProcess redis) {
        this.vertx = vertx;
        this.options = options;
        this.redis = redis;
        empty();
    }

    @Override
    public StorageEngine open() {
        RedisEngine opened = RedisEngines.redis(vertx, options, clock, clock);
        Futures.resultOf(opened.open());
        engine = opened;
        return opened;
    }

    /** The process of a node has nothing that a crash could lose; its connections go with it. */
    @Override
    public StorageEngine crashAndReopen() {
        Futures.resultOf(engine.close());
        return open();
    }

    @Override
    public ManualClock clock() {
        return clock;
    }

    @Override
    public boolean durable() {
        return true;
    }

    @Override
    public void close() {
        Futures.resultOf(engine.close());
        empty();
    }

    private void empty() {
        redis.command("FLUSHALL");
    }

    @Override
    public StorageEngine damage(Damage damage, DeliveryKey waiting) {
        String prefix = new Shards(options.keyPrefix(), options.shards()).prefix(waiting.application());
        String endpoint = Names.bare(waiting.endpoint().value());
        String message = Names.bare(waiting.message().value());
        String absent = Names.bare(MessageId.at(clock.millis()).value());
        String succeeded = "S 1 " + clock.millis();
        switch (damage) {
            case LOST_INDEX_ENTRY -> redis.command("ZREM", prefix + "q:" + endpoint, message);
            case ORPHANED_RECORD -> redis.command("HSET", prefix + "d:" + absent, endpoint, succeeded);
            case WRONG_COUNTER -> {
                redis.command("HINCRBY", prefix + "e:" + endpoint, "c", "1");
                redis.command("HINCRBY", prefix + "e:" + endpoint, "s", "1");
            }
            case TWO_STATES -> {
                redis.command("HSET", prefix + "d:" + message, endpoint, succeeded);
                redis.command("HINCRBY", prefix + "e:" + endpoint, "s", "1");
            }
            case DANGLING_INDEX_ENTRY ->
                redis.command("ZADD", prefix + "q:" + endpoint, Long.toString(clock.millis()), absent);
        }
        return engine;
    }
}
