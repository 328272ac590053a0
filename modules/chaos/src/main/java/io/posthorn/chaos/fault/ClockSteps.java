package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Endpoint;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Scene;
import io.posthorn.testkit.process.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The node's wall clock is set one hour forward, and back, while receivers fail now and then so that retries wait. */
final class ClockSteps implements Fault {
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"));
    private static final int STUMBLE_PERCENT = 10;
    private static final Duration STEPPED = Duration.ofSeconds(5);
    /** A retry is due within two seconds here, a lease is over within 45: nothing may wait longer. */
    private static final Duration ALL_ARRIVED = Duration.ofSeconds(60);

    private int round;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Set<Engine> engines() {
        return EnumSet.allOf(Engine.class);
    }

    @Override
    public String mustHold() {
        return "one hour forward or back changes no due time and no lease by an hour; lost 0";
    }

    @Override
    public int rounds() {
        return 4;
    }

    @Override
    public Optional<String> obstacle() {
        return library().isPresent()
                ? Optional.empty()
                : Optional.of("libfaketime is not installed (apt-get install libfaketime)");
    }

    @Override
    public void prepare(Scene scene) throws IOException {
        set(scene, "+0");
        scene.setting("LD_PRELOAD", library().map(Path::toString).orElseThrow());
        scene.setting("FAKETIME_TIMESTAMP_FILE", file(scene).toString());
        // The file is looked at once a second; to look at each call would slow the whole program down.
        scene.setting("FAKETIME_CACHE_DURATION", "1");
        // Timers and timed waits go by the monotonic clock, which nobody can set.
        scene.setting("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        scene.setting("DONT_FAKE_MONOTONIC", "1");
    }

    @Override
    public void ready(Scene scene) {
        scene.tenants().endpoints().stream()
                .map(Endpoint::receiver)
                .forEach(receiver -> receiver.stumble(STUMBLE_PERCENT));
    }

    @Override
    public void inject(Scene scene) throws IOException {
        String offset = List.of("+3600", "+0", "-3600", "+0").get(round % 4);
        scene.step("clock to " + offset + " s");
        set(scene, offset);
        long stepped = System.nanoTime();
        round++;
        Patience.pass(STEPPED);
        // Forward: every lease has ended at once, also of what is being sent.
        scene.disturbances().since(stepped, 1);
    }

    /** The clock stays where it is: the step is the fault, and the next round makes another. */
    @Override
    public void heal(Scene scene) {}

    @Override
    public void settle(Scene scene) {
        boolean arrived = Patience.until(ALL_ARRIVED, () -> scene.missing() == 0);
        scene.rule(arrived, scene.missing() + " have not come " + ALL_ARRIVED.toSeconds() + " s after the last event");
    }

    @Override
    public void check(Scene scene) {
        scene.rule(scene.receipts().failures() > 0, "no receiver stumbled: no retry waited");
    }

    private static void set(Scene scene, String offset) throws IOException {
        Path next = Files.writeString(scene.directory().resolve("clock.next"), offset + "\n");
        Path unused =
                Files.move(next, file(scene), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path file(Scene scene) {
        return scene.directory().resolve("clock");
    }

    private static Optional<Path> library() {
        return LIBRARIES.stream().filter(Files::exists).findFirst();
    }
}
