package io.posthorn.storage.redis;

import java.time.Instant;
import java.time.InstantSource;

/**
 * What the clock of Redis shows, as far as this node can tell: every answer of a script narrows how far the two clocks are
 * apart. Callers name and read times by the clock of the node. Any thread.
 */
final class RedisTime {
    private final InstantSource node;
    private long ahead;

    RedisTime(InstantSource node) {
        this.node = node;
    }

    /** The clock of this node, in milliseconds since 1970. */
    long nodeMillis() {
        return node.millis();
    }

    /**
     * A script that was sent at the first of these times of this node, and whose answer came now, ran at that time of
     * Redis.
     */
    synchronized void heard(long sentMillis, long redisMillis) {
        long least = redisMillis - node.millis();
        long most = redisMillis - sentMillis;
        ahead = Math.max(least, Math.min(Math.max(least, most), ahead));
    }

    /** What Redis shows now. */
    synchronized long millis() {
        return node.millis() + ahead;
    }

    synchronized long toRedis(Instant moment) {
        return moment.toEpochMilli() + ahead;
    }

    synchronized Instant toNode(long redisMillis) {
        return Instant.ofEpochMilli(redisMillis - ahead);
    }
}
