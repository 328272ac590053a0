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
import io.posthorn.testkit.process.RunFailed;
import java.util.List;
import java.util.Map;

/**
 * The latency of fresh events for an endpoint that was down and takes its backlog, from the moment when its circuit closes,
 * against that of the same events at the same pace when nothing waits. The receiver takes its time for each, so that the
 * limit of what is in flight, and not the machine, decides how long the backlog lasts.
 */
record Recovery(String name, String what, boolean isShort, Goal goal) implements BenchCase {
    private static final int BACKLOG = 10_000;
    private static final double FRESH_A_SECOND = 200;
    /** Fewer say nothing of a median. */
    private static final int LEAST_FRESH = 50;
    /** As is the default: the plan's number is for endpoints that answer at once. */
    private static final Map<String, String> SETTINGS = Map.of("WEBHOOK_DISPATCH_MAX_PER_ENDPOINT", "128");

    @Override
    public Result run(Stage stage) throws Exception {
        Stage.Expected each = accepted -> accepted;
        int backlog = stage.plan().scaled(BACKLOG);
        Service service = stage.start(SETTINGS);
        try {
            warmUp(stage, service, each);
            Applications application = Applications.create(stage, service, 1, 1);
            Outage outage = new Outage(stage, service, application, application.endpoint(0, "slow"));
            LoadJob fresh = application.events(stage.plan().payloadBytes()).atRate(FRESH_A_SECOND);
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.TIME_DRIFT,
                    window -> window.receivedMillis("p50"),
                    () -> Latency.told(stage, "none wait", stage.measure(service, fresh, each)),
                    () -> {
                        outage.leaves(backlog);
                        outage.ends();
                        Window window = Latency.told(stage, "draining", stage.measure(service, fresh, each));
                        requireEnough(window.accepted(), left(backlog, window));
                        outage.requireDrained(backlog);
                        return window;
                    });

            Findings findings = new Findings();
            addFigures(findings, rounds, backlog, stage);
            findings.judge(rounds, each);
            findings.note("the receiver answered after 20 ms; at most 128 attempts in flight to the endpoint");
            findings.requireSettled(service, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    private void addFigures(Findings findings, Rounds<Window> rounds, int backlog, Stage stage) {
        for (String percentile : List.of("p50", "p99")) {
            Figure ratio = Figure.of(
                    percentile + " by none waiting",
                    "x",
                    Better.LOWER,
                    rounds.values(round -> round.ratio(window -> window.receivedMillis(percentile))));
            findings.add(percentile.equals("p50") ? goal.on(ratio, stage) : ratio);
            findings.add(Figure.of(
                    "fresh " + percentile,
                    "ms",
                    Better.LOWER,
                    rounds.measured(window -> window.receivedMillis(percentile))));
            findings.add(Figure.of(
                    "none waiting " + percentile,
                    "ms",
                    Better.LOWER,
                    rounds.values(round -> round.yardstick(window -> window.receivedMillis(percentile)))));
        }
        findings.add(Figure.of("fresh offered", "/s", Better.NEITHER, List.of(FRESH_A_SECOND)));
        findings.add(Figure.of(
                "drained meanwhile",
                "/s",
                Better.HIGHER,
                rounds.measured(window -> window.oldWhileSending() / window.sendingSeconds())));
        findings.add(Figure.of("backlog", "", Better.NEITHER, List.of((double) backlog)));
        findings.add(Figure.of("left at the last fresh one", "", Better.NEITHER, rounds.measured(window ->
                (double) left(backlog, window))));
    }

    /** Beside the endpoint that is measured, as fast as it goes. */
    private static void warmUp(Stage stage, Service service, Stage.Expected each) throws Exception {
        stage.step("warming up");
        Applications other = Applications.create(stage, service, 1, 1);
        other.endpoints(1, "ok");
        LoadJob events = other.events(stage.plan().payloadBytes());
        Window unused = stage.measure(service, events.lasting(stage.plan().warmUpMillis()), each);
    }

    private static long left(int backlog, Window window) {
        return backlog - window.oldWhileSending();
    }

    /** Fails unless the backlog outlasted the sending of enough fresh events. */
    static void requireEnough(long fresh, long left) {
        if (left <= 0) {
            throw new RunFailed(
                    "the backlog was gone before the last of " + fresh
                            + " fresh events was sent (expected: some of it left; a shorter --window or a larger --scale helps)");
        }
        if (fresh < LEAST_FRESH) {
            throw new RunFailed(
                    "only " + fresh + " fresh events were accepted while the backlog drained (expected: at least "
                            + LEAST_FRESH + "; a longer --window helps)");
        }
    }
}
