package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Store;
import io.posthorn.testkit.process.RunFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long a process takes to be ready with a million deliveries waiting in its store. */
record Restart(String name, String what, boolean isShort) implements BenchCase {
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public boolean runsOn(Store store) {
        return store.outlivesTheProcess();
    }

    @Override
    public Result run(Stage stage) throws Exception {
        Service service = stage.start(Map.of());
        try {
            List<Double> empty = new ArrayList<>();
            List<Double> afterStop = new ArrayList<>();
            List<Double> afterKill = new ArrayList<>();
            for (int i = 0; i < stage.plan().rounds(); i++) {
                requireStopped(service);
                empty.add(ready(service, stage, "empty"));
            }
            WaitingDeliveries waiting = WaitingDeliveries.fill(stage, service);
            for (int i = 0; i < stage.plan().rounds(); i++) {
                requireStopped(service);
                afterStop.add(ready(service, stage, "after a stop"));
                service.node().kill();
                afterKill.add(ready(service, stage, "after kill -9"));
            }

            Findings findings = new Findings();
            findings.add(waiting.figure());
            findings.add(Figure.of("ready, empty store", "ms", Better.LOWER, empty));
            findings.add(Figure.of("ready after a stop", "ms", Better.LOWER, afterStop));
            findings.add(Figure.of("ready after kill -9", "ms", Better.LOWER, afterKill));
            findings.requireSettled(service, waiting.count());
            findings.addAll(List.of(waiting.heap(service)));
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    private static void requireStopped(Service service) throws InterruptedException {
        int code = service.node().terminate();
        if (code != 0) {
            throw new RunFailed("the program under test stopped with " + code);
        }
    }

    private static double ready(Service service, Stage stage, String what) throws Exception {
        double millis = service.node().start().toNanos() / NANOS_PER_MILLI;
        stage.step("ready in " + Math.round(millis) + " ms, " + what);
        return millis;
    }
}
