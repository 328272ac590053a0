package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a process with a hundred thousand endpoints and no traffic uses. */
record Idle(String name, String what, boolean isShort) implements BenchCase {
    private static final Duration REST = Duration.ofSeconds(5);
    private static final double PERCENT = 100;
    private static final int MOST_PERCENT = 1;

    @Override
    public Result run(Stage stage) throws Exception {
        Service service = stage.start(Map.of());
        try {
            ManyEndpoints.create(stage, service);
            double heap = service.heapMib();
            Patience.pass(REST);
            List<Double> shares = new ArrayList<>();
            for (int i = 0; i < stage.plan().rounds(); i++) {
                shares.add(PERCENT * stage.idleShare(service, REST));
            }
            Findings findings = new Findings();
            findings.add(Figure.of("cpu", "% of a core", Better.LOWER, shares).goal(MOST_PERCENT));
            findings.add(Figure.of("rss of service", "MiB", Better.LOWER, List.of(service.rssMib())));
            findings.add(Figure.of("heap after gc", "MiB", Better.LOWER, List.of(heap)));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }
}
