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
import java.util.Locale;
import java.util.Map;

/**
 * What the way between two nodes costs: one accepts and stores, one sends. What both use for a delivery, less what a node
 * with every role uses that is measured in turns with them, is what the bus costs; each side of it has a half.
 */
record BusCost(String name, String what, boolean isShort, Goal goal) implements BenchCase {
    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        Stage.Expected each = accepted -> accepted;
        Service alone = stage.start(Map.of());
        Service stores = stage.startFirst("storage,ratelimit,validation,ingestion,health", Map.of());
        try {
            Service unused = stage.startBeside(stores, "dispatch,health", Map.of());
            LoadJob aloneEvents = prepare(stage, alone, bytes);
            LoadJob events = prepare(stage, stores, bytes);
            stage.step("warming up");
            told(
                    stage,
                    "one",
                    stage.measure(alone, aloneEvents.lasting(stage.plan().warmUpMillis()), each));
            told(stage, "two", stage.measure(stores, events.lasting(stage.plan().warmUpMillis()), each));
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.RATE_DRIFT,
                    Window::deliveredPerSecond,
                    () -> told(stage, "one", stage.measure(alone, aloneEvents, each)),
                    () -> told(stage, "two", stage.measure(stores, events, each)));

            Findings findings = new Findings();
            findings.add(goal.on(
                    Figure.of(
                            "bus, a side",
                            "us each",
                            Better.LOWER,
                            rounds.values(round -> (cost(round.measured()) - round.yardstick(BusCost::cost)) / 2)),
                    stage));
            findings.add(Figure.of(
                    "cpu of one node",
                    "us each",
                    Better.LOWER,
                    rounds.values(round -> round.yardstick(BusCost::cost))));
            findings.add(Figure.of(
                    "cpu of the node that stores",
                    "us each",
                    Better.LOWER,
                    rounds.measured(window -> window.serviceMicros() / window.delivered())));
            findings.add(Figure.of(
                    "cpu of the node that sends",
                    "us each",
                    Better.LOWER,
                    rounds.measured(window -> window.besideMicros() / window.delivered())));
            findings.add(Figure.of(
                    "delivered by one node",
                    "/s",
                    Better.NEITHER,
                    rounds.values(round -> round.yardstick(Window::deliveredPerSecond))));
            findings.add(Figure.of(
                    "delivered by two nodes", "/s", Better.HIGHER, rounds.measured(Window::deliveredPerSecond)));
            findings.judge(rounds, each);
            findings.requireSettled(alone, 0);
            findings.requireSettled(stores, 0);
            return findings.result(name, stage);
        } finally {
            stage.end(stores);
            stage.end(alone);
        }
    }

    private static LoadJob prepare(Stage stage, Service service, int bytes) throws Exception {
        Applications application = Applications.create(stage, service, 1, 1);
        application.endpoints(1, "ok");
        return application.events(bytes);
    }

    /** Of all nodes, without their store. */
    private static double cost(Window window) {
        return (window.serviceMicros() + window.besideMicros()) / window.delivered();
    }

    @CanIgnoreReturnValue
    private static Window told(Stage stage, String nodes, Window window) {
        stage.step(String.format(
                Locale.ROOT, "%-4s %8.0f/s delivered, %.1f us each", nodes, window.deliveredPerSecond(), cost(window)));
        return window;
    }
}
