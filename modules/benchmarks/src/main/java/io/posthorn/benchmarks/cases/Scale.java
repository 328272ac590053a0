package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Statistics;
import io.posthorn.benchmarks.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Deliveries a second with one, two and four nodes that send, beside one that does everything else. Each may have few
 * deliveries in flight and the receiver takes 50 ms, so that slots and not processors bound the rate; nodes are added
 * while the cluster runs.
 *
 * @param goal for two nodes
 * @param goalOfFour for four
 */
record Scale(String name, String what, boolean isShort, Goal goal, Goal goalOfFour) implements BenchCase {
    private static final int SLOTS = 8;
    private static final int ENDPOINTS = 20;
    private static final double ATTEMPTS_A_SECOND = 20;
    private static final int MILLIS = 1_000;
    private static final List<Integer> NODES = List.of(1, 2, 4);

    @Override
    public Result run(Stage stage) throws Exception {
        Service first = stage.startFirst("storage,ratelimit,validation,ingestion,health", Map.of());
        try {
            Applications application = Applications.create(stage, first, 1, ENDPOINTS);
            application.endpoints(1, "delayed");
            LoadJob events = application.events(stage.plan().payloadBytes());
            Findings findings = new Findings();
            List<List<Double>> rates = new ArrayList<>();
            int running = 0;
            for (int nodes : NODES) {
                while (running < nodes) {
                    Service unused = stage.startBeside(
                            first,
                            "dispatch,health",
                            Map.of(
                                    "WEBHOOK_MAX_WORKERS",
                                    Integer.toString(SLOTS),
                                    "WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT",
                                    Integer.toString(SLOTS)));
                    running++;
                }
                rates.add(rates(stage, first, events, nodes, findings));
            }
            double one = Statistics.median(rates.get(0));
            findings.add(goal.on(times("two nodes by one", rates.get(1), one), stage));
            findings.add(goalOfFour.on(times("four nodes by one", rates.get(2), one), stage));
            for (int i = 0; i < NODES.size(); i++) {
                findings.add(Figure.of("delivered, nodes: " + NODES.get(i), "/s", Better.HIGHER, rates.get(i)));
            }
            findings.add(Figure.of("slots of a node", "", Better.NEITHER, List.of((double) SLOTS)));
            findings.requireSettled(first, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(first);
        }
    }

    /** One a round, after one that only warms up what is new. */
    private static List<Double> rates(Stage stage, Service first, LoadJob events, int nodes, Findings findings)
            throws Exception {
        List<Double> rates = new ArrayList<>();
        double bound = nodes * SLOTS * ATTEMPTS_A_SECOND;
        Stage.Expected each = accepted -> accepted;
        for (int round = 0; round <= stage.plan().rounds(); round++) {
            long millis =
                    round == 0 ? stage.plan().warmUpMillis() : stage.plan().windowMillis();
            long count = Math.max(1, Math.round(bound * millis / MILLIS));
            Window window = stage.measure(first, events.limitedTo(count), each);
            stage.step(String.format(
                    Locale.ROOT,
                    "%d nodes %8.0f/s delivered, at most %.0f/s; %.1f us each%s",
                    nodes,
                    window.deliveredPerSecond(),
                    bound,
                    (window.serviceMicros() + window.besideMicros()) / window.delivered(),
                    round == 0 ? ", warming up" : ""));
            if (round > 0) {
                findings.judge(window, each);
                rates.add(window.deliveredPerSecond());
            }
        }
        return rates;
    }

    private static Figure times(String name, List<Double> rates, double one) {
        return Figure.of(
                name, "x", Better.HIGHER, rates.stream().map(rate -> rate / one).toList());
    }
}
