package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.RunFailed;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A stranger puts a string where one of Posthorn's sorted sets was; later the set is put back. */
final class RedisForeign implements Fault {
    private static final Duration NOTICED = Duration.ofSeconds(30);
    private static final Duration WRONG = Duration.ofSeconds(5);
    private static final String ASIDE = "chaos:aside";

    private long begun;
    private String key = "";

    @Override
    public String name() {
        return "redis-foreign";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "503 for what the key is needed for, /health says why; goes on when it is put right; lost 0";
    }

    @Override
    public boolean breaksRedis() {
        return true;
    }

    @Override
    public void prepare(Scene scene) {
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "5s");
    }

    @Override
    public void inject(Scene scene) throws InterruptedException {
        begun = System.nanoTime();
        long before = scene.ledger().refusedCount();
        key = oneOfOurs(scene);
        scene.step("a string in place of " + key);
        scene.redis().command("RENAME", key, ASIDE);
        scene.redis().command("SET", key, "of somebody else");
        Patience.require(NOTICED, "a refused request", () -> scene.ledger().refusedCount() > before);
        Patience.pass(WRONG);
        String health = scene.node().management("/health");
        scene.rule(health.contains("a key of ours holds something else"), "/health does not say why: " + health);
    }

    @Override
    public void heal(Scene scene) {
        scene.redis().command("RENAME", ASIDE, key);
        scene.disturbances().since(begun, 1);
    }

    private static String oneOfOurs(Scene scene) {
        List<String> keys = Arrays.stream(scene.redis().command("KEYS", "*").split(" "))
                .filter(word -> word.startsWith("posthorn"))
                .sorted()
                .toList();
        return keys.stream()
                .filter(one -> scene.redis().command("TYPE", one).contains("hash"))
                .findFirst()
                .orElseThrow(() -> new RunFailed("no hash among " + keys));
    }
}
