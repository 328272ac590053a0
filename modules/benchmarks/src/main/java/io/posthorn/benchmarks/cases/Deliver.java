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
import java.util.Map;
import java.util.OptionalInt;

/**
 * Deliveries a second, counted at the receiver from the first request to the last delivery, with nothing left waiting;
 * and their share of the bare loop.
 *
 * @param name of the case
 * @param what is measured
 * @param isShort whether it belongs to a run that names no cases
 * @param types of events, each with endpoints of its own
 * @param each how many endpoints want each event
 * @param payloadBytes empty: as the plan says
 * @param goal for the share
 */
record Deliver(String name, String what, boolean isShort, int types, int each, OptionalInt payloadBytes, Goal goal)
        implements BenchCase {
    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = payloadBytes.orElse(stage.plan().payloadBytes());
        int scaledTypes = types == 1 ? 1 : stage.plan().scaled(types);
        Service service = stage.start(Map.of());
        try {
            Applications application = Applications.create(stage, service, 1, scaledTypes);
            application.endpoints(each, "ok");
            LoadJob events = application.events(bytes);
            Stage.Expected expected = accepted -> accepted * each;
            DeliveryRounds delivery = new DeliveryRounds(stage, bytes);
            delivery.warmUp(service, events, expected);
            Rounds<Window> rounds = delivery.measure(service, events, expected);

            Findings findings = new Findings();
            Figure share = Figure.of("share of bare", "", Better.HIGHER, rounds.values(DeliveryRounds::share));
            findings.addAll(DeliveryRounds.figures(rounds, goal.on(share, stage)));
            findings.judge(rounds, expected);
            findings.requireSettled(service, 0);
            findings.addAll(DeliveryRounds.memory(service));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }
}
