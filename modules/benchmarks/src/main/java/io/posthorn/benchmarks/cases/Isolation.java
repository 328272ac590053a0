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
import java.util.Map;

/**
 * The latency of healthy endpoints beside bad ones, against the latency in a second process where all are healthy; both at
 * half of what the healthy one delivers at most.
 */
record Isolation(String name, String what, boolean isShort, Goal goal, BadEndpoints bad) implements BenchCase {
    private static final int ENDPOINTS = BadEndpoints.ALL;
    /** A little more than an attempt takes at most by default: from then on as many end as begin. */
    private static final int TIMEOUT_MILLIS = 35_000;
    /** As is the default: the plan's number is for a single endpoint. */
    private static final Map<String, String> SETTINGS = Map.of("WEBHOOK_DISPATCH_MAX_PER_ENDPOINT", "128");

    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        Stage.Expected each = accepted -> accepted;
        Stage.Expected healthyOnly = accepted -> accepted * bad.healthy() / ENDPOINTS;
        Service good = stage.start(SETTINGS);
        Service mixed = stage.start(SETTINGS);
        try {
            LoadJob goodEvents = prepare(stage, good, false).events(bytes);
            LoadJob mixedEvents = prepare(stage, mixed, true).events(bytes);
            stage.step("warming up");
            long warmUp = stage.plan().warmUpMillis();
            Window unused = stage.measure(good, goodEvents.lasting(warmUp), each);
            double rate = Capacity.of(stage, good, goodEvents, each) / 2;
            LoadJob goodPaced = paced(goodEvents, rate, stage.plan().windowMillis());
            stage.step("until attempts at hanging endpoints run into their timeout");
            long timeout = Math.max(warmUp, stage.plan().scaled(TIMEOUT_MILLIS));
            Latency.told(stage, "mixed", stage.measure(mixed, paced(mixedEvents, rate, timeout), healthyOnly));
            LoadJob mixedPaced = paced(mixedEvents, rate, stage.plan().windowMillis());
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.TIME_DRIFT,
                    window -> window.receivedMillis("p50"),
                    () -> Latency.told(stage, "none bad", stage.measure(good, goodPaced, each)),
                    () -> Latency.told(stage, "mixed", stage.measure(mixed, mixedPaced, healthyOnly)));

            Findings findings = new Findings();
            findings.add(Figure.of("rate offered", "/s", Better.NEITHER, List.of(rate)));
            for (String percentile : List.of("p99", "p50")) {
                Figure ratio = Figure.of(
                        percentile + " by none bad",
                        "x",
                        Better.LOWER,
                        rounds.values(round -> round.ratio(window -> window.receivedMillis(percentile))));
                findings.add(percentile.equals("p99") ? goal.on(ratio, stage) : ratio);
                findings.add(Figure.of(
                        "healthy " + percentile,
                        "ms",
                        Better.LOWER,
                        rounds.measured(window -> window.receivedMillis(percentile))));
                findings.add(Figure.of(
                        "none bad " + percentile,
                        "ms",
                        Better.LOWER,
                        rounds.values(round -> round.yardstick(window -> window.receivedMillis(percentile)))));
            }
            findings.judge(rounds, healthyOnly);
            findings.note(bad.note() + "; at most 128 attempts in flight to one endpoint");
            findings.requireSettled(good, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(mixed);
            stage.end(good);
        }
    }

    private Applications prepare(Stage stage, Service service, boolean someBad) throws Exception {
        Applications made = Applications.create(stage, service, 1, ENDPOINTS);
        for (int type = 0; type < (someBad ? bad.healthy() : ENDPOINTS); type++) {
            made.endpoint(type, "ok");
        }
        if (someBad) {
            bad.make(stage, service, made);
        }
        return made;
    }

    /** A number of requests that brings each endpoint the same, so that it is known how many reach healthy ones. */
    private static LoadJob paced(LoadJob events, double rate, long millis) {
        long rounds = Math.max(1, Math.round(rate * millis / 1_000 / ENDPOINTS));
        // The time is a bound only: the last request is due a little before or after the window's end.
        return events.atRate(rate).limitedTo(rounds * ENDPOINTS).lasting(2 * millis + 1_000);
    }
}
