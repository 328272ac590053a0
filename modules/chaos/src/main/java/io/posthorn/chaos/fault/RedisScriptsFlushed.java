package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Redis forgets its scripts, again and again. */
final class RedisScriptsFlushed implements Fault {
    private static final int TIMES = 50;
    private static final Duration BETWEEN = Duration.ofMillis(40);

    @Override
    public String name() {
        return "redis-scripts";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "nobody notices: lost 0, refused 0, repeated 0";
    }

    @Override
    public boolean breaksRedis() {
        return true;
    }

    @Override
    public void inject(Scene scene) {
        for (int i = 0; i < TIMES; i++) {
            scene.redis().command("SCRIPT", "FLUSH");
            Patience.pass(BETWEEN);
        }
    }

    @Override
    public void heal(Scene scene) {}

    @Override
    public void check(Scene scene) {
        scene.rule(
                scene.ledger().refusedCount() == 0,
                "refused: " + scene.ledger().refused() + " " + scene.ledger().refusals());
    }
}
