package io.posthorn.storage.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * Runs the scripts of the queue. Each answers first the time at which it ran, most then when to claim: both are
 * noted here.
 * Any thread.
 */
final class ShardCalls {
    private final RedisLink link;
    private final Shards shards;
    private final RedisTime time;
    private final News news;

    ShardCalls(RedisLink link, Shards shards, RedisTime time, News news) {
        this.link = link;
        this.shards = shards;
        this.time = time;
        this.news = news;
    }

    Shards shards() {
        return shards;
    }

    RedisTime time() {
        return time;
    }

    News news() {
        return news;
    }

    /** A change that may have made something claimable. */
    Future<Response> change(Script script, int shard, List<?> args) {
        long sent = time.nodeMillis();
        return noted(link.run(script, shards.prefix(shard), args), shard, sent);
    }

    /** The same; completes when it is as durable as the settings ask for. */
    Future<Response> durableChange(Script script, int shard, List<?> args) {
        long sent = time.nodeMillis();
        return noted(link.runDurably(script, shards.prefix(shard), args), shard, sent);
    }

    /** A look that says when to claim next. */
    Future<Response> look(Script script, int shard, List<?> args) {
        long sent = time.nodeMillis();
        long heard = news.heard(shard);
        return link.run(script, shards.prefix(shard), args).onSuccess(answer -> {
            time.heard(sent, answer.get(0).toLong());
            news.told(shard, answer.get(1).toLong(), heard);
        });
    }

    /** A read that says nothing of when to claim. */
    Future<Response> read(Script script, int shard, List<?> args) {
        long sent = time.nodeMillis();
        return link.run(script, shards.prefix(shard), args)
                .onSuccess(answer -> time.heard(sent, answer.get(0).toLong()));
    }

    /** A change that makes nothing claimable; completes when it is as durable as the settings ask for. */
    Future<Response> lasting(Script script, int shard, List<?> args) {
        long sent = time.nodeMillis();
        return link.runDurably(script, shards.prefix(shard), args)
                .onSuccess(answer -> time.heard(sent, answer.get(0).toLong()));
    }

    private Future<Response> noted(Future<Response> call, int shard, long sent) {
        return call.onSuccess(answer -> {
            time.heard(sent, answer.get(0).toLong());
            news.hear(shard, answer.get(1).toLong());
        });
    }
}
