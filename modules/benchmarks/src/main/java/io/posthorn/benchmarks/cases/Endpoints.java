package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Window;
import java.util.Map;

/**
 * Delivery while there are a hundred thousand endpoints, against delivery on the same process before that: to one of
 * them, and to all of them in turn.
 */
record Endpoints(String name, String what, boolean isShort, Goal goal) implements BenchCase {
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
            Rounds<Window> few = delivery.measure(service, events, each);
            Applications many = ManyEndpoints.create(stage, service);
            Rounds<Window> one = delivery.measure(service, events, each);
            LoadJob inTurn = many.events(bytes);
            stage.step("to all of them in turn");
            Rounds<Window> all = delivery.measure(service, inTurn, each);

            Findings findings = new Findings();
            findings.addAll(DeliveryRounds.against(few, one, "one, by few", goal, stage));
            findings.addAll(DeliveryRounds.against(few, all, "all, by few", goal, stage));
            findings.judge(few, each);
            findings.judge(one, each);
            findings.judge(all, each);
            findings.requireSettled(service, 0);
            findings.addAll(DeliveryRounds.memory(service));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }
}
