package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Programs;
import java.util.EnumSet;
import java.util.Set;

/** A second node on the data directory of the first. */
final class TwoProcesses implements Fault {
    @Override
    public String name() {
        return "two-processes";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.DISK);
    }

    @Override
    public String mustHold() {
        return "the second is refused in one clear line with exit code 1; the first goes on; lost 0, repeated 0";
    }

    @Override
    public void inject(Scene scene) throws Exception {
        Programs.Ended second = scene.node().startRefused();
        Refusals.expect(scene, second, "in use by another process");
    }

    @Override
    public void heal(Scene scene) {
        scene.rule(scene.node().isAlive(), "the first node is gone");
    }
}
