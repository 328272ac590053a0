package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Redis reaches its memory limit and may evict nothing; later the limit is raised. */
final class RedisFull implements Fault {
    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration FULL = Duration.ofSeconds(5);

    private long filled;

    @Override
    public String name() {
        return "redis-full";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "503 while it is full, /health says why; goes on by itself when there is room; lost 0";
    }

    @Override
    public boolean breaksRedis() {
        return true;
    }

    @Override
    public void prepare(Scene scene) {
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "5s");
        scene.startRedis(Map.of("maxmemory-policy", "noeviction"));
    }

    @Override
    public void inject(Scene scene) {
        filled = System.nanoTime();
        long before = scene.ledger().refusedCount();
        long used = (long) scene.redis().info("memory", "used_memory");
        scene.redis().command("CONFIG", "SET", "maxmemory", Long.toString(used));
        Patience.require(NOTICED, "a refused request", () -> scene.ledger().refusedCount() > before);
        Patience.require(
                NOTICED,
                "/health to say why",
                () -> scene.node().management("/health").contains("memory"));
        Patience.pass(FULL);
    }

    @Override
    public void heal(Scene scene) {
        scene.redis().command("CONFIG", "SET", "maxmemory", "0");
        scene.disturbances().since(filled, 1);
    }

    @Override
    public void check(Scene scene) {
        scene.rule(
                scene.ledger().refused().keySet().equals(Set.of(503)),
                "refused with something else than 503: " + scene.ledger().refused());
    }
}
