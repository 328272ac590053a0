package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Patience;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The primary of three Redis servers loses its replicas and is killed a second later; Sentinel makes one of its replicas the primary. */
final class Failover implements Fault {
    private static final String MASTER = "posthorn";
    private static final Duration ALONE = Duration.ofSeconds(1);
    private static final Duration LINKED = Duration.ofSeconds(30);

    private final List<RedisProcess> servers = new ArrayList<>();
    private long killed;

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "with WEBHOOK_REDIS_WAIT_REPLICAS=1: lost 0, and delivering again when the replica has taken over";
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public boolean breaksRedis() {
        return true;
    }

    @Override
    public void prepare(Scene scene) {
        RedisProcess primary = scene.startRedis(Map.of());
        servers.add(primary);
        for (int i = 0; i < 2; i++) {
            servers.add(started(scene, RedisProcess.start(Map.of("replicaof", "127.0.0.1 " + primary.port()))));
        }
        Patience.require(LINKED, "two replicas that follow", () -> following(primary) == 2);
        RedisProcess sentinel = started(scene, RedisProcess.startSentinel(MASTER, primary, 1));
        Patience.require(
                LINKED,
                "the sentinel to know the replicas",
                () -> sentinel.command("SENTINEL", "MASTER", MASTER).contains("num-slaves 2"));
        scene.setting("REDIS_URL", sentinel.url());
        scene.setting("WEBHOOK_REDIS_MASTER_NAME", MASTER);
        scene.setting("WEBHOOK_REDIS_WAIT_REPLICAS", "1");
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "5s");
    }

    @Override
    public void inject(Scene scene) {
        killed = System.nanoTime();
        // What the primary takes now, no replica has when one of them takes over.
        servers.subList(1, servers.size()).forEach(RedisProcess::pause);
        servers.get(0).command("CLIENT", "KILL", "TYPE", "replica");
        Patience.pass(ALONE);
        servers.get(0).kill();
        servers.subList(1, servers.size()).forEach(RedisProcess::resume);
    }

    /** Nobody mends it but the sentinel. */
    @Override
    public void heal(Scene scene) {}

    @Override
    public void settle(Scene scene) {
        scene.disturbances().since(killed, 1);
    }

    /** How many replicas have a whole copy and get each change; one that is still copying counts as connected, too. */
    private static int following(RedisProcess primary) {
        return primary.command("INFO", "replication").split("state=online", -1).length - 1;
    }

    private static RedisProcess started(Scene scene, RedisProcess server) {
        scene.atTheEnd(server::close);
        return server;
    }
}
