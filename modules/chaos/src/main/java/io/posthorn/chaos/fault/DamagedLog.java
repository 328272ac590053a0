package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Programs;
import io.posthorn.testkit.process.RunFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The write-ahead log of the disk engine is damaged while the node is down after a kill. What was written beyond the
 * last flush may be garbage; a hole in what was flushed must stop the start, since going on would lose it.
 */
final class DamagedLog implements Fault {
    private final LogDamage damage;
    private long killed;

    DamagedLog(LogDamage damage) {
        this.damage = damage;
    }

    @Override
    public String name() {
        return damage.faultName();
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.DISK);
    }

    @Override
    public String mustHold() {
        return damage.isAfterTheFlush()
                ? "opened with all that was flushed, the damage reported; lost 0"
                : "refused with exit code 1, the reason and what to do; once the file is back: lost 0";
    }

    @Override
    public int rounds() {
        return 3;
    }

    @Override
    public void inject(Scene scene) throws Exception {
        killed = System.nanoTime();
        scene.node().kill();
        Path log = lastLog(scene.data().resolve("queue"));
        Path kept = Files.copy(log, scene.directory().resolve("kept.log"), StandardCopyOption.REPLACE_EXISTING);
        damage.to(log, scene.random());
        scene.step(name() + ": " + log.getFileName() + " had " + Files.size(kept) + " bytes");
        if (!damage.isAfterTheFlush()) {
            Programs.Ended start = scene.node().startRefused();
            Refusals.expect(scene, start, damage.reason());
            Path unused = Files.copy(kept, log, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void heal(Scene scene) throws Exception {
        // Whatever arrived since was sent by the node that is dead.
        scene.disturbances().since(killed, 1);
        scene.node().start();
        if (damage.isAfterTheFlush()) {
            scene.rule(
                    scene.node().output().stream().anyMatch(line -> line.contains(damage.reason())),
                    "the damage was not reported: nothing in the output says \"" + damage.reason() + "\"");
        }
    }

    private static Path lastLog(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow(() -> new RunFailed("no log in " + database));
        }
    }
}
