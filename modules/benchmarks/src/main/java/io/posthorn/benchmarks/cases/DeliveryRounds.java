package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Statistics;
import io.posthorn.benchmarks.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rounds of delivery as fast as it goes between bare loops, and what is said about them. */
final class DeliveryRounds {
    private static final double KIB = 1024;

    private final Stage stage;
    private final LoadJob bare;

    DeliveryRounds(Stage stage, int payloadBytes) {
        this.stage = stage;
        this.bare = Applications.bare(stage, payloadBytes);
    }

    /** Warms both sides up. */
    void warmUp(Service service, LoadJob events, Stage.Expected expected) throws Exception {
        stage.step("warming up");
        Window warm = stage.measure(service, events.lasting(stage.plan().warmUpMillis()), expected);
        Window bareWarm = stage.measureBare(bare.lasting(stage.plan().warmUpMillis() / 2));
        stage.step(String.format(
                Locale.ROOT,
                "warm: %.0f/s accepted, %.0f/s delivered, bare %.0f/s",
                warm.acceptedPerSecond(),
                warm.deliveredPerSecond(),
                bareWarm.deliveredPerSecond()));
    }

    Rounds<Window> measure(Service service, LoadJob events, Stage.Expected expected) throws Exception {
        return Rounds.measure(stage.plan().rounds(), Rounds.RATE_DRIFT, Window::acceptedPerSecond, this::bare, () -> {
            Window window = stage.measure(service, events, expected);
            stage.step(String.format(
                    Locale.ROOT,
                    "accepted  %8.0f/s, delivered %.0f/s%s",
                    window.acceptedPerSecond(),
                    window.deliveredPerSecond(),
                    window.disturbed() ? ", disturbed by other processes" : ""));
            return window;
        });
    }

    private Window bare() throws Exception {
        Window window = stage.measureBare(bare);
        stage.step(String.format(Locale.ROOT, "bare      %8.0f/s", window.acceptedPerSecond()));
        return window;
    }

    /** Of deliveries, by the bare loop's. */
    static double share(Rounds.Round<Window> round) {
        return round.measured().deliveredPerSecond() / round.yardstick(Window::acceptedPerSecond);
    }

    static List<Figure> figures(Rounds<Window> rounds, Figure first) {
        List<Figure> figures = new ArrayList<>();
        figures.add(first);
        figures.add(figure("delivered", "/s", Better.HIGHER, rounds.measured(Window::deliveredPerSecond)));
        figures.add(figure("accepted", "/s", Better.NEITHER, rounds.measured(Window::acceptedPerSecond)));
        figures.add(figure(
                "bare", "/s", Better.NEITHER, rounds.values(round -> round.yardstick(Window::acceptedPerSecond))));
        figures.addAll(cpu(rounds));
        return figures;
    }

    /** The share of the bare loop afterwards, by that before, and what it stands on. */
    static List<Figure> against(Rounds<Window> before, Rounds<Window> after, String name, Goal goal, Stage stage) {
        double shareBefore = Statistics.median(before.values(DeliveryRounds::share));
        Figure kept = figure(name, "", Better.HIGHER, after.values(round -> share(round) / shareBefore));
        return List.of(
                goal.on(kept, stage),
                figure(name + ": share", "", Better.HIGHER, after.values(DeliveryRounds::share)),
                figure(name + ": delivered", "/s", Better.HIGHER, after.measured(Window::deliveredPerSecond)),
                figure(
                        name + ": cpu",
                        "us each",
                        Better.LOWER,
                        after.measured(window -> window.serviceMicros() / events(window))));
    }

    /** What a delivery costs each side; without deliveries, what an accepted event costs. */
    static List<Figure> cpu(Rounds<Window> rounds) {
        List<Figure> figures = new ArrayList<>();
        figures.add(figure(
                "cpu of service",
                "us each",
                Better.LOWER,
                rounds.measured(window -> window.serviceMicros() / events(window))));
        if (rounds.kept().stream().anyMatch(round -> round.measured().redisMicros() > 0)) {
            figures.add(figure(
                    "cpu of redis",
                    "us each",
                    Better.LOWER,
                    rounds.measured(window -> window.redisMicros() / events(window))));
        }
        figures.add(figure(
                "allocated by service",
                "KiB each",
                Better.LOWER,
                rounds.measured(window -> window.allocatedBytes() / KIB / events(window))));
        figures.add(figure(
                "cpu of generator and receiver",
                "us each",
                Better.NEITHER,
                rounds.measured(window -> window.loadMicros() / events(window))));
        return figures;
    }

    static List<Figure> memory(Service service) throws Exception {
        return List.of(
                figure("rss of service", "MiB", Better.LOWER, List.of(service.rssMib())),
                figure("heap after gc", "MiB", Better.LOWER, List.of(service.heapMib())));
    }

    private static Figure figure(String name, String unit, Better better, List<Double> values) {
        return Figure.of(name, unit, better, values);
    }

    private static double events(Window window) {
        return Math.max(1, window.delivered() > 0 ? window.delivered() : window.accepted());
    }
}
