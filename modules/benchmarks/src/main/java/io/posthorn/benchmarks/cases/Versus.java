package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Window;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The program under test against another build of it, which idles meanwhile: the only way to see a few per cent on a machine
 * whose own speed drifts by more from one run to the next.
 */
record Versus(String name, String what) implements BenchCase {
    @Override
    public boolean isShort() {
        return false;
    }

    @Override
    public boolean needsAnotherBuild() {
        return true;
    }

    @Override
    public Result run(Stage stage) throws Exception {
        Service other = stage.start(stage.plan().against(), Map.of());
        Service mine = stage.start(Map.of());
        try {
            LoadJob otherEvents = prepare(stage, other);
            LoadJob myEvents = prepare(stage, mine);
            stage.step("warming up");
            for (Map.Entry<Service, LoadJob> one : List.of(Map.entry(other, otherEvents), Map.entry(mine, myEvents))) {
                Window unused = stage.measure(
                        one.getKey(), one.getValue().lasting(stage.plan().warmUpMillis()), accepted -> accepted);
            }
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.RATE_DRIFT,
                    Window::deliveredPerSecond,
                    () -> told(stage, "other", stage.measure(other, otherEvents, accepted -> accepted)),
                    () -> told(stage, "this", stage.measure(mine, myEvents, accepted -> accepted)));

            Findings findings = new Findings();
            findings.add(Figure.of(
                    "delivered, this by other",
                    "x",
                    Better.HIGHER,
                    rounds.values(round -> round.ratio(Window::deliveredPerSecond))));
            findings.add(Figure.of(
                    "cpu each, this by other",
                    "x",
                    Better.LOWER,
                    rounds.values(round -> round.ratio(window -> window.serviceMicros() / window.delivered()))));
            findings.addAll(DeliveryRounds.cpu(rounds));
            findings.judge(rounds, accepted -> accepted);
            findings.requireSettled(other, 0);
            findings.requireSettled(mine, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(mine);
            stage.end(other);
        }
    }

    private static LoadJob prepare(Stage stage, Service service) throws Exception {
        Applications application = Applications.create(stage, service, 1, 1);
        application.endpoints(1, "ok");
        return application.events(stage.plan().payloadBytes());
    }

    private static Window told(Stage stage, String which, Window window) {
        stage.step(String.format(
                Locale.ROOT,
                "%-6s %8.0f/s delivered, %.1f us each",
                which,
                window.deliveredPerSecond(),
                window.serviceMicros() / window.delivered()));
        return window;
    }
}
