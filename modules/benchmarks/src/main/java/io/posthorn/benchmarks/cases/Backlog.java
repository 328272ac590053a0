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

/** Delivery while a million deliveries wait for other endpoints, against delivery on the same process before that. */
record Backlog(String name, String what, boolean isShort, Goal goal) implements BenchCase {
    @Override
    public Result run(Stage stage) throws Exception {
        int bytes = stage.plan().payloadBytes();
        Stage.Expected each = accepted -> accepted;
        Service service = stage.start(Map.of());
        try {
            Applications application = Applications.create(stage, service, 1, 1);
            application.endpoints(1, "ok");
            LoadJob events = application.events(bytes);
            DeliveryRounds delivery = new DeliveryRounds(stage, bytes);
            delivery.warmUp(service, events, each);
            Rounds<Window> empty = delivery.measure(service, events, each);
            WaitingDeliveries waiting = WaitingDeliveries.fill(stage, service);
            Rounds<Window> full = delivery.measure(service, events, each);

            Findings findings = new Findings();
            findings.add(waiting.figure());
            findings.addAll(DeliveryRounds.against(empty, full, "by empty store", goal, stage));
            findings.judge(empty, each);
            findings.judge(full, each);
            findings.requireSettled(service, waiting.count());
            findings.add(Figure.of("rss of service", "MiB", Better.LOWER, List.of(service.rssMib())));
            findings.add(waiting.heap(service));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }
}
