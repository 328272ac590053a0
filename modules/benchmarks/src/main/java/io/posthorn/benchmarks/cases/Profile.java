package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the time and the memory of a delivery go: the load of {@code deliver} in windows of at least ten seconds, under
 * the flight recorder of the program's Java. The time of each thread, the bytes allocated and the time of Redis are
 * counted; how they part into stages is estimated from samples (see {@code profile.CpuSharing}). What the recorder costs
 * shows in the figures of a window without it, in the middle of the others.
 *
 * <p>Java is told to know its place in compiled code exactly, so that what was inlined is named; this needs a script as
 * {@code --command}, since a jar takes no {@code JAVA_OPTS}.
 */
record Profile(String name, String what) implements BenchCase {
    private static final long LEAST_MILLIS = 10_000;
    private static final long FIRST_MILLIS = 2_000;
    private static final int KIB = 1024;
    private static final String JAVA_OPTS = "JAVA_OPTS";
    private static final String EXACT_PLACES = "-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints";

    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        String options = System.getenv().getOrDefault(JAVA_OPTS, "");
        Service service = stage.start(Map.of(JAVA_OPTS, (options + " " + EXACT_PLACES).strip()));
        try {
            Applications application = Applications.create(stage, service, 1, 1);
            application.endpoints(1, "ok");
            Stage.Expected expected = accepted -> accepted;
            LoadJob events = application.events(bytes);
            new DeliveryRounds(stage, bytes).warmUp(service, events, expected);
            ProfiledRounds rounds = new ProfiledRounds(stage, service);
            // The first recording of a process loads and changes classes.
            ProfiledRounds.Profiled unused = rounds.record(events.lasting(FIRST_MILLIS), expected);
            LoadJob job = events.lasting(Math.max(LEAST_MILLIS, stage.plan().windowMillis()));
            int wanted = stage.plan().rounds();
            List<ProfiledRounds.Profiled> profiled = new ArrayList<>(rounds.record(job, expected, (wanted + 1) / 2));
            stage.step("without the recorder");
            Window plain = stage.measure(service, job, expected);
            profiled.addAll(rounds.record(job, expected, wanted / 2));

            Findings findings = new Findings();
            findings.judge(plain, expected);
            profiled.forEach(round -> findings.judge(round.window(), expected));
            List<Window> windows =
                    profiled.stream().map(ProfiledRounds.Profiled::window).toList();
            findings.addAll(figures("", windows));
            findings.addAll(figures(" without recorder", List.of(plain)));
            findings.add(Figure.of(
                    "samples of cpu",
                    "",
                    Better.NEITHER,
                    profiled.stream()
                            .map(round -> (double) round.stages().samples())
                            .toList()));
            findings.addStages(ProfiledRounds.costs(profiled));
            ProfiledRounds.unknown(profiled).forEach(findings::note);
            findings.requireSettled(service, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    private static List<Figure> figures(String suffix, List<Window> windows) {
        return List.of(
                Figure.of(
                        "delivered" + suffix,
                        "/s",
                        Better.NEITHER,
                        windows.stream().map(Window::deliveredPerSecond).toList()),
                Figure.of(
                        "cpu" + suffix,
                        "us each",
                        Better.NEITHER,
                        windows.stream()
                                .map(window -> window.serviceMicros() / window.delivered())
                                .toList()),
                Figure.of(
                        "allocated" + suffix,
                        "KiB each",
                        Better.NEITHER,
                        windows.stream()
                                .map(window -> (double) window.allocatedBytes() / KIB / window.delivered())
                                .toList()));
    }
}
