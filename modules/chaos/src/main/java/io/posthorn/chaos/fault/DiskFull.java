package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The node's disk, a small tmpfs, is filled up: to less than it wants in one round, to the last byte in the next. */
final class DiskFull implements Fault {
    private static final int DISK_MEBIBYTES = 400;
    private static final long LEFT_BYTES = 40L << 20;
    private static final int CHUNK = 1 << 20;
    private static final int MOST_RESENT = 20;
    private static final Duration NOTICED = Duration.ofSeconds(10);
    private static final Duration FULL = Duration.ofSeconds(5);

    private int round;
    private long filled;

    @Override
    public String name() {
        return "disk-full";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.of(Engine.DISK);
    }

    @Override
    public String mustHold() {
        return "503 while it is full, /health unhealthy with the reason; goes on by itself when there is room; lost 0";
    }

    /** Tried out: whether this user may mount is not to be told from its name. */
    @Override
    public Optional<String> obstacle() {
        try {
            Path trial = Files.createTempDirectory("chaos-mount");
            try {
                Programs.Ended mounted = mount(trial, 1);
                if (mounted.code() != 0) {
                    return Optional.of("cannot mount a tmpfs here: "
                            + mounted.output().strip().replace('\n', ' '));
                }
                Programs.require("umount", trial.toString());
                return Optional.empty();
            } finally {
                Files.delete(trial);
            }
        } catch (IOException e) {
            return Optional.of("cannot mount a tmpfs here: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    @Override
    public void prepare(Scene scene) throws Exception {
        Path disk = Files.createDirectories(scene.directory().resolve("disk"));
        Programs.Ended mounted = mount(disk, DISK_MEBIBYTES);
        scene.rule(mounted.code() == 0, mounted.output());
        scene.atTheEnd(() -> Programs.require("umount", disk.toString()));
        scene.dataIn(disk.resolve("data"));
    }

    @Override
    public void inject(Scene scene) throws Exception {
        filled = System.nanoTime();
        long before = scene.ledger().refusedCount();
        fill(scene, round % 2 == 0 ? LEFT_BYTES : 0);
        Patience.require(NOTICED, "a refused request", () -> scene.ledger().refusedCount() > before);
        Patience.require(
                NOTICED,
                "/health to be unhealthy",
                () -> scene.node().management("/health").contains("unhealthy"));
        Patience.pass(FULL);
    }

    @Override
    public void heal(Scene scene) throws Exception {
        Files.delete(ballast(scene));
        if (round % 2 == 1) {
            // The store is opened anew once a second, and may resend what it could not write the result of.
            scene.disturbances().since(filled, MOST_RESENT);
        }
        round++;
    }

    @Override
    public void check(Scene scene) {
        scene.rule(
                scene.ledger().refused().keySet().equals(Set.of(503)),
                "refused with something else than 503: " + scene.ledger().refused());
    }

    private void fill(Scene scene, long left) throws IOException {
        try (OutputStream out = Files.newOutputStream(ballast(scene))) {
            byte[] chunk = new byte[CHUNK];
            while (Files.getFileStore(scene.data()).getUsableSpace() > left) {
                out.write(chunk);
            }
        } catch (IOException e) {
            // "No space left on device" is what a disk that is to be full says.
            scene.rule(left == 0, "the disk was full too early: " + e.getMessage());
        }
    }

    private static Path ballast(Scene scene) {
        return scene.data().resolveSibling("ballast");
    }

    private static Programs.Ended mount(Path directory, int mebibytes) throws IOException, InterruptedException {
        return Programs.run(
                Duration.ofSeconds(10),
                Map.of(),
                List.of("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "chaos", directory.toString()));
    }
}
