package io.posthorn.storage.redis;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Runs the engine under the contract suites, over a Redis that it empties first, at the time of the test's clock. */
final class RedisFixture implements EngineFixture {
    private final Vertx vertx;
    private final RedisEngineOptions options;
    private final HandMade.Commands commands;
    private final Runnable flush;
    private final ManualClock clock = new ManualClock();
    private @Nullable RedisEngine engine;

    /** @param commands to the server that has all shards, or the one shard */
    RedisFixture(Vertx vertx, RedisEngineOptions options, HandMade.Commands commands, Runnable flush) {
        this.commands = commands;
        this.vertx = vertx;
        this.options = options;
        this.flush = flush;
        flush.run();
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
    public StorageEngine damage(Damage damage, DeliveryKey waiting) {
        Shards shards = new Shards(options.keyPrefix(), options.shards());
        HandMade.damage(commands, shards.prefix(waiting.application()), damage, waiting, clock);
        return engine;
    }

    @Override
    public void close() {
        Futures.resultOf(engine.close());
        flush.run();
    }
}
