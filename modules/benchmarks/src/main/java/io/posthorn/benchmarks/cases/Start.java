package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Hello;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Rounds;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Store;
import io.posthorn.testkit.process.RunFailed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * From the execution of Java to the first accepted event, on a store that knows an application with an endpoint; against
 * a bare Vert.x Web program with the same options of Java, from its execution to its first answer.
 */
record Start(String name, String what, boolean isShort) implements BenchCase {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MOST = 1.5;

    /** One start. */
    private record Began(double millis, double rssMib) {}

    @Override
    public boolean runsOn(Store store) {
        return store.outlivesTheProcess();
    }

    @Override
    public Result run(Stage stage) throws Exception {
        Service service = stage.start(Map.of());
        try {
            service.node()
                    .json(
                            "POST",
                            "/event-type",
                            new JsonObject().put("name", "bench.start").put("description", ""));
            String path = "/app/" + service.applications(1).get(0);
            service.node()
                    .json(
                            "POST",
                            path + "/endpoint",
                            new JsonObject()
                                    .put("url", stage.receiverUrl("ok"))
                                    .put("filterTypes", new JsonArray().add("bench.start")));
            Hello hello = new Hello(withoutArchives(service.javaOptions()));
            Began unused = event(stage, service, path);
            Rounds<Began> rounds = Rounds.measure(
                    stage.plan().rounds(),
                    Rounds.TIME_DRIFT,
                    Began::millis,
                    () -> hello(stage, hello),
                    () -> event(stage, service, path));

            Findings findings = new Findings();
            findings.add(
                    Figure.of("start by hello", "x", Better.LOWER, rounds.values(round -> round.ratio(Began::millis)))
                            .goal(MOST));
            findings.add(Figure.of("first event accepted", "ms", Better.LOWER, rounds.measured(Began::millis)));
            findings.add(Figure.of(
                    "hello answered", "ms", Better.NEITHER, rounds.values(round -> round.yardstick(Began::millis))));
            findings.add(Figure.of("rss of service", "MiB", Better.LOWER, rounds.measured(Began::rssMib)));
            findings.add(Figure.of(
                    "rss of hello", "MiB", Better.NEITHER, rounds.values(round -> round.yardstick(Began::rssMib))));
            rounds.note().ifPresent(findings::note);
            return findings.result(name, stage);
        } finally {
            stage.end(service);
        }
    }

    /** An archive of one program's classes serves no other program. */
    private static List<String> withoutArchives(List<String> javaOptions) {
        return javaOptions.stream()
                .filter(option -> !option.contains("Archive") && !option.startsWith("-Xshare"))
                .toList();
    }

    private static Began event(Stage stage, Service service, String path) throws Exception {
        int code = service.node().terminate();
        if (code != 0) {
            throw new RunFailed("the program under test stopped with " + code);
        }
        JsonObject event = new JsonObject().put("eventType", "bench.start").put("payload", new JsonObject());
        long begin = System.nanoTime();
        service.startDirectly();
        service.node().json("POST", path + "/msg", event);
        double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
        stage.step("first event accepted after " + Math.round(millis) + " ms");
        return new Began(millis, service.rssMib());
    }

    private static Began hello(Stage stage, Hello hello) throws Exception {
        double millis = hello.start().toNanos() / NANOS_PER_MILLI;
        try {
            stage.step("hello answered after " + Math.round(millis) + " ms");
            return new Began(millis, hello.rssMib());
        } finally {
            hello.close();
        }
    }
}
