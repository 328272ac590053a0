package io.posthorn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A Redis Cluster of three primaries without replicas, each a {@link RedisProcess} that keeps its data in memory only.
 * Needs Redis 7 for its own port of the cluster bus. Not for several threads.
 */
public final class RedisClusterProcesses implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final int NODES = 3;
    private static final long PATIENCE_SECONDS = 30;

    private final List<RedisProcess> nodes = new ArrayList<>();

    private RedisClusterProcesses() {}

    /** Starts them and waits until all slots are served. */
    public static RedisClusterProcesses start() {
        RedisClusterProcesses made = new RedisClusterProcesses();
        for (int i = 0; i < NODES; i++) {
            made.nodes.add(RedisProcess.startOfCluster(Map.of("appendonly", "no")));
        }
        RedisProcess first = made.nodes.get(0);
        for (int i = 0; i < NODES; i++) {
            RedisProcess node = made.nodes.get(i);
            List<String> slots = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = i * SLOTS / NODES; slot < (i + 1) * SLOTS / NODES; slot++) {
                slots.add(String.valueOf(slot));
            }
            node.command(slots.toArray(String[]::new));
            node.command("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
            if (i > 0) {
                node.command(
                        "CLUSTER", "MEET", "127.0.0.1", String.valueOf(first.port()), String.valueOf(first.busPort()));
            }
        }
        made.waitUntilWhole();
        return made;
    }

    /** The nodes, in the order of their slots. */
    public List<RedisProcess> nodes() {
        return List.copyOf(nodes);
    }

    /** The URLs of all nodes. */
    public List<String> urls() {
        return nodes.stream().map(RedisProcess::url).toList();
    }

    /** Empties all nodes. */
    public void flush() {
        nodes.forEach(node -> node.command("FLUSHALL"));
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }

    private void waitUntilWhole() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!nodes.stream().allMatch(RedisClusterProcesses::seesAll)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "the cluster does not come together: " + nodes.get(0).command("CLUSTER", "INFO"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static boolean seesAll(RedisProcess node) {
        String info = node.command("CLUSTER", "INFO");
        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + NODES);
    }
}
