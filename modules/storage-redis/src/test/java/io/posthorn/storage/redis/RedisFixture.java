package io.posthorn.storage.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.rows.BareId;
import io.posthorn.testkit.Damage;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Vertx;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs the engine under the contract suites, over a Redis that it empties first, at the time of the test's clock. */
final class RedisFixture implements EngineFixture {
    private final Vertx vertx;
    private final RedisEngineOptions options;
    private final Runnable flush;
    private final Commands commands;
    private final ManualClock clock = new ManualClock();
    private @Nullable RedisEngine engine;

    /** Sends a command to the server that has the keys. */
    @FunctionalInterface
    interface Commands {
        @CanIgnoreReturnValue
        String run(String... words);
    }

    RedisFixture(Vertx vertx, RedisEngineOptions options, Runnable flush, Commands commands) {
        this.vertx = vertx;
        this.options = options;
        this.flush = flush;
        this.commands = commands;
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
    public StorageEngine damage(Damage damage, DeliveryKey waiting) {
        String shard = new Shards(options.keyPrefix(), options.shards()).prefix(waiting.application());
        String endpoint = bare(waiting.endpoint().value());
        String message = bare(waiting.message().value());
        String stranger = bare(MessageId.at(clock.millis()).value());
        String queue = shard + "q:" + endpoint;
        String now = String.valueOf(clock.millis());
        switch (damage) {
            case LOST_INDEX_ENTRY -> commands.run("ZREM", queue, message);
            case ORPHANED_RECORD -> commands.run("HSET", shard + "d:" + stranger, endpoint, "S 1 " + now);
            case WRONG_COUNTER -> {
                count(shard, endpoint, "c");
                count(shard, endpoint, "s");
            }
            case TWO_STATES -> {
                commands.run("HSET", shard + "d:" + message, endpoint, "S 1 " + now);
                count(shard, endpoint, "s");
            }
            case DANGLING_INDEX_ENTRY -> commands.run("ZADD", queue, now, stranger);
        }
        return Objects.requireNonNull(engine);
    }

    private void count(String shard, String endpoint, String field) {
        commands.run("HINCRBY", shard + "e:" + endpoint, field, "1");
        commands.run("HINCRBY", shard + "b", field, "1");
    }

    private static String bare(String id) {
        return BareId.text(BareId.of(id), 0);
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
        flush.run();
    }
}
