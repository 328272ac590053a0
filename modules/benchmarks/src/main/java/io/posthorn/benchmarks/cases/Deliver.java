package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Store;
import io.posthorn.benchmarks.run.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Deliveries a second, counted at the receiver from the first request to the last delivery, with nothing left waiting;
 * and their share of the bare loop.
 *
 * @param name of the case
 * @param what is measured
 * @param isShort whether it belongs to a run that names no cases
 * @param endpoints of the application; each message goes to one of them
 * @param each how many endpoints want the same messages
 * @param payloadBytes empty: as the plan says
 * @param goals by engine, the share of the bare loop
 */
public record Deliver(
        String name,
        String what,
        boolean isShort,
        int endpoints,
        int each,
        OptionalInt payloadBytes,
        Map<Store, Double> goals)
        implements BenchCase {
    private static final int FEW = 10;

    @Override
    public Result run(Stage stage) throws Exception {
        int types = endpoints <= FEW ? endpoints : stage.plan().scaled(endpoints);
        int bytes = payloadBytes.orElse(stage.plan().payloadBytes());
        Service service = stage.start(Map.of());
        try {
            List<String> applications = service.applications(1);
            stage.eventTypes(service, types);
            stage.endpoints(service, applications, types, each, "ok");
            LoadJob events = stage.events(service, applications, types, bytes);
            Rounds<Window> rounds = DeliveryRounds.measure(stage, service, events, each, bytes);
            List<Figure> figures = new ArrayList<>(
                    DeliveryRounds.figures(rounds, goals.get(stage.plan().store())));
            figures.add(Figure.of("rss", "MiB", Better.LOWER, List.of(service.rssMib())));
            figures.add(Figure.of("heap after gc", "MiB", Better.LOWER, List.of(service.heapMib())));
            List<String> notes = DeliveryRounds.notes(rounds);
            DeliveryRounds.requireDrained(service);
            return new Result(name, stage.plan().store(), figures, notes, DeliveryRounds.disturbed(rounds));
        } finally {
            stage.end(service);
        }
    }
}
