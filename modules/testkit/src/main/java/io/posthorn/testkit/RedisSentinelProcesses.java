package io.posthorn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A primary with one replica and three sentinels, each a {@link RedisProcess}. Not for several threads. */
public final class RedisSentinelProcesses implements AutoCloseable {
    /** What the sentinels call the primary. */
    public static final String NAME = "primary";

    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;
    private static final long PATIENCE_SECONDS = 30;

    private final RedisProcess primary;
    private final RedisProcess replica;
    private final List<RedisProcess> sentinels = new ArrayList<>();

    private RedisSentinelProcesses(RedisProcess primary, RedisProcess replica) {
        this.primary = primary;
        this.replica = replica;
    }

    /** Starts them and waits until the replica follows and the sentinels know each other. */
    public static RedisSentinelProcesses start() {
        RedisProcess primary = RedisProcess.start();
        RedisSentinelProcesses made = new RedisSentinelProcesses(primary, RedisProcess.startReplica(primary, Map.of()));
        for (int i = 0; i < SENTINELS; i++) {
            made.sentinels.add(RedisProcess.startSentinel(NAME, primary, QUORUM));
        }
        made.await(
                "the replica follows",
                () -> primary.command("INFO", "replication").contains("state=online"));
        made.await(
                "the sentinels know each other",
                () -> made.sentinels.stream().allMatch(one -> {
                    String seen = one.command("SENTINEL", "MASTER", NAME);
                    return seen.contains("num-other-sentinels " + (SENTINELS - 1)) && seen.contains("num-slaves 1");
                }));
        return made;
    }

    /** The one that was the primary at first. */
    public RedisProcess primary() {
        return primary;
    }

    /** The one that was the replica at first. */
    public RedisProcess replica() {
        return replica;
    }

    /** The URLs of the sentinels. */
    public List<String> urls() {
        return sentinels.stream().map(RedisProcess::url).toList();
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        replica.close();
        primary.close();
    }

    /** Something that becomes true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private void await(String what, Condition condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                close();
                throw new AssertionError("not in " + PATIENCE_SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
