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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Twice as much as the program under test delivers at most is offered, over many connections; what it delivers
 * meanwhile, against what it delivers when it sets the pace, and whether its memory stays flat.
 */
record Overload(String name, String what, boolean isShort, Goal goal) implements BenchCase {
    private static final int CONNECTIONS = 2_000;
    private static final int LONGER = 5;

    @Override
    public Result run(Stage stage) throws Exception {
        Stage.Expected each = accepted -> accepted;
        Service service = stage.start(Map.of());
        try {
            int bytes = stage.plan().payloadBytes();
            Applications application = Applications.create(stage, service, 1, 1);
            application.endpoints(1, "ok");
            LoadJob events = application.events(bytes);
            new DeliveryRounds(stage, bytes).warmUp(service, events, each);
            double capacity = Capacity.of(stage, service, events, each);
            LoadJob twice = events.over(CONNECTIONS)
                    .atRate(2 * capacity)
                    .lasting(LONGER * stage.plan().windowMillis());
            List<Double> rss = new ArrayList<>();
            Rounds<Window> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.RATE_DRIFT,
                    Window::deliveredPerSecond,
                    () -> told(stage, "own pace", stage.measure(service, events, each)),
                    () -> {
                        Window window = told(stage, "overload", stage.measure(service, twice, each));
                        rss.add(service.rssMib());
                        return window;
                    });

            Findings findings = new Findings();
            findings.add(goal.on(
                    Figure.of(
                            "delivered by best",
                            "",
                            Better.HIGHER,
                            rounds.values(round -> round.measured().deliveredPerSecondWhileSending()
                                    / round.yardstick(Window::deliveredPerSecond))),
                    stage));
            findings.add(Figure.of("offered", "/s", Better.NEITHER, List.of(2 * capacity)));
            findings.add(Figure.of(
                    "delivered meanwhile",
                    "/s",
                    Better.HIGHER,
                    rounds.measured(Window::deliveredPerSecondWhileSending)));
            findings.add(Figure.of(
                    "best", "/s", Better.HIGHER, rounds.values(round -> round.yardstick(Window::deliveredPerSecond))));
            findings.add(Figure.of("accepted", "/s", Better.NEITHER, rounds.measured(Window::acceptedPerSecond)));
            findings.add(Figure.of(
                    "waiting at the end",
                    "",
                    Better.LOWER,
                    rounds.measured(window -> window.accepted() - window.deliveredWhileSending())));
            findings.add(
                    Figure.of("rss, last by first", "", Better.LOWER, List.of(rss.get(rss.size() - 1) / rss.get(0))));
            findings.judge(rounds, each);
            findings.requireSettled(service, 0);
            findings.addAll(DeliveryRounds.memory(service));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    private static Window told(Stage stage, String what, Window window) {
        stage.step(String.format(
                Locale.ROOT,
                "%-9s %8.0f/s delivered while sending, %.0f/s accepted, refused: %s",
                what,
                window.deliveredPerSecondWhileSending(),
                window.acceptedPerSecond(),
                window.refused().encode()));
        return window;
    }
}
