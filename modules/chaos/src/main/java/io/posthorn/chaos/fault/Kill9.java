package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** {@code kill -9} of the node at random moments, and a start right after it. */
final class Kill9 implements Fault {
    private static final Duration READY = Duration.ofSeconds(5);
    private static final int TIMES = 20;

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
        return "lost 0; repeated only what was in flight at a kill; ready again in under 5 s";
    }

    @Override
    public int rounds() {
        return TIMES;
    }

    @Override
    public void inject(Scene scene) {
        scene.node().kill();
        scene.disturbances().now();
    }

    @Override
    public void heal(Scene scene) throws Exception {
        Duration start = scene.node().start();
        scene.rule(start.compareTo(READY) < 0, "ready only after " + start.toMillis() + " ms");
        if (scene.engine() == Engine.REDIS) {
            // What a dead node held stays its own until its lease ends; only then is it resent.
            scene.disturbances().now();
        }
    }
}
