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
 * Events accepted a second, each with one delivery for an endpoint that is parked: its receiver asked to be left alone
 * for a day. Nothing is sent meanwhile.
 */
record Accept(String name, String what, boolean isShort) implements BenchCase {
    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        Stage.Expected nothing = accepted -> 0;
        Service service = stage.start(Map.of());
        try {
            Applications application = Applications.create(stage, service, 1, 1);
            application.endpoints(1, "busy");
            LoadJob events = application.events(bytes);
            DeliveryRounds delivery = new DeliveryRounds(stage, bytes);
            delivery.warmUp(service, events, nothing);
            Rounds<Window> rounds = delivery.measure(service, events, nothing);

            Findings findings = new Findings();
            findings.add(Figure.of(
                    "share of bare",
                    "",
                    Better.HIGHER,
                    rounds.values(round -> round.ratio(Window::acceptedPerSecond))));
            findings.add(Figure.of("accepted", "/s", Better.HIGHER, rounds.measured(Window::acceptedPerSecond)));
            findings.add(Figure.of(
                    "bare", "/s", Better.NEITHER, rounds.values(round -> round.yardstick(Window::acceptedPerSecond))));
            for (String percentile : List.of("p50", "p99")) {
                findings.add(Figure.of(
                        "answered " + percentile,
                        "ms",
                        Better.LOWER,
                        rounds.measured(window -> window.answeredMillis(percentile))));
            }
            findings.addAll(DeliveryRounds.cpu(rounds));
            findings.judge(rounds, nothing);
            long waiting = service.books().waiting();
            findings.note(waiting + " deliveries were waiting at the end");
            findings.requireSettled(service, waiting);
            findings.addAll(DeliveryRounds.memory(service));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }
}
