package io.posthorn.benchmarks.cases;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
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
 * From the moment when a request should have been sent to its receipt, at half of what the program under test delivers
 * at most, as a multiple of the same for one bare signed request at the same rate.
 */
record Latency(String name, String what, boolean isShort, Goal goal) implements BenchCase {
    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        Stage.Expected each = accepted -> accepted;
        Service service = stage.start(Map.of());
        try {
            Applications application = Applications.create(stage, service, 1, 1);
            application.endpoints(1, "ok");
            LoadJob events = application.events(bytes);
            new DeliveryRounds(stage, bytes).warmUp(service, events, each);
            double rate = Capacity.of(stage, service, events, each) / 2;
            LoadJob paced = events.atRate(rate);
            LoadJob bare = Applications.bare(stage, bytes).atRate(rate);
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.TIME_DRIFT,
                    window -> window.receivedMillis("p50"),
                    () -> told(stage, "bare", stage.measureBare(bare)),
                    () -> told(stage, "received", stage.measure(service, paced, each)));

            Findings findings = new Findings();
            findings.add(Figure.of("rate offered", "/s", Better.NEITHER, List.of(rate)));
            for (String percentile : List.of("p50", "p99", "p999")) {
                Figure multiple = Figure.of(
                        percentile + " by bare",
                        "x",
                        Better.LOWER,
                        rounds.values(round -> round.ratio(window -> window.receivedMillis(percentile))));
                findings.add(percentile.equals("p999") ? multiple : goal.on(multiple, stage));
            }
            for (String percentile : List.of("p50", "p99", "p999")) {
                findings.add(millis("received ", percentile, rounds.measured(w -> w.receivedMillis(percentile))));
                findings.add(millis("answered ", percentile, rounds.measured(w -> w.answeredMillis(percentile))));
                findings.add(millis(
                        "bare received ",
                        percentile,
                        rounds.values(round -> round.yardstick(w -> w.receivedMillis(percentile)))));
            }
            findings.addAll(DeliveryRounds.cpu(rounds));
            findings.judge(rounds, each);
            findings.requireSettled(service, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    private static Figure millis(String what, String percentile, List<Double> values) {
        return Figure.of(what + percentile, "ms", Better.LOWER, values);
    }

    @CanIgnoreReturnValue
    static Window told(Stage stage, String what, Window window) {
        stage.step(String.format(
                Locale.ROOT,
                "%-9s p50 %.2f ms, p99 %.2f ms%s",
                what,
                window.receivedMillis("p50"),
                window.receivedMillis("p99"),
                window.disturbed() ? ", disturbed by other processes" : ""));
        return window;
    }
}
