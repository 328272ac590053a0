package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** {@code kill -9} of the node at random moments, and a start right after it. */
final class Kill9 implements Fault {
    private static final int TIMES = 20;

    private long killed;

    @Override
    public String name() {
        return "kill9";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.DISK, Engine.REDIS);
    }

    @Override
    public String mustHold() {
        return "lost 0; repeated only what was in flight at a kill; ready again in under 5 s (or 4 times its first start)";
    }

    @Override
    public int rounds() {
        return TIMES;
    }

    @Override
    public void prepare(Scene scene) {
        // What a dead node held in Redis stays its own until its lease ends: 15 s after the timeout of an attempt.
        scene.setting("WEBHOOK_DEFAULT_TIMEOUT", "5s");
    }

    @Override
    public void inject(Scene scene) {
        killed = System.nanoTime();
        scene.node().kill();
    }

    @Override
    public void heal(Scene scene) throws Exception {
        // Whatever arrived since was sent by the node that is dead.
        scene.disturbances().since(killed, 1);
        Duration start = scene.node().start();
        scene.requireReadyIn(start);
    }
}
