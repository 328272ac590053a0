package io.posthorn.storage.redis;

import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineFixture;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisClusterProcesses;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.StorageEngineContract;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The whole contract over several shards on several servers. */
class RedisClusterContractTest extends StorageEngineContract {
    private static final int SHARDS = 5;

    private static RedisClusterProcesses cluster;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        cluster = RedisClusterProcesses.start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        Futures.resultOf(vertx.close());
        cluster.close();
    }

    @Override
    protected EngineFixture newFixture() {
        RedisServers servers =
                RedisServers.of(cluster.urls().subList(0, 1), RedisServers.Mode.CLUSTER, null, null, null, null);
        RedisEngineOptions options = new RedisEngineOptions(
                servers, SHARDS, 1, Duration.ofSeconds(5), 0, "posthorn", InFlightLimit.from(128), Duration.ofDays(30));
        return new RedisFixture(vertx, options, RedisClusterContractTest::command, cluster::flush);
    }

    /** To the node that has the key, which is the second word. */
    private static String command(String... words) {
        int slot = RedisRoutes.slot(words[1]);
        for (RedisProcess node : cluster.nodes()) {
            String reply = node.command(words);
            if (!reply.startsWith("-MOVED")) {
                return reply;
            }
        }
        throw new AssertionError("no node has slot " + slot);
    }
}
