package io.posthorn.benchmarks.cases;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** All cases, by name, in the order in which they run. */
public final class Cases {
    private static final int LARGE_BYTES = 65_536;
    private static final OptionalInt AS_PLANNED = OptionalInt.empty();

    private Cases() {}

    /** All of them. */
    public static Map<String, BenchCase> all() {
        Map<String, BenchCase> all = new LinkedHashMap<>();
        for (BenchCase one : list()) {
            all.put(one.name(), one);
        }
        return all;
    }

    private static List<BenchCase> list() {
        Goal deliver = Goal.of(0.40, 0.28);
        return List.of(
                new Deliver("deliver", "one application, one endpoint", true, 1, 1, AS_PLANNED, deliver),
                new Deliver(
                        "deliver-1000",
                        "a thousand endpoints, each message for one of them",
                        false,
                        1_000,
                        1,
                        AS_PLANNED,
                        deliver),
                new Deliver(
                        "fanout",
                        "ten endpoints a message, deliveries counted",
                        true,
                        1,
                        10,
                        AS_PLANNED,
                        Goal.of(0.65, 0.45)),
                new Deliver("large", "payloads of 64 KiB", false, 1, 1, OptionalInt.of(LARGE_BYTES), Goal.NONE),
                new Profile("profile", "where the time and the memory of a delivery go"),
                new Versus("versus", "deliver of this build and of the one of --against, in turns"),
                new Accept("accept", "events accepted, none of them sent", true),
                new Latency("latency", "at half of the capacity, against a bare request", true, Goal.of(6, 8)),
                new Start("start", "from the execution of Java to the first accepted event", true),
                new Overload("overload", "twice the capacity offered", false, Goal.of(0.9)),
                new Isolation(
                        "isolation",
                        "a tenth of the endpoints hang, a tenth fail",
                        false,
                        Goal.of(1.2),
                        BadEndpoints.HANGING_AND_FAILING),
                new Isolation(
                        "isolation-flooded",
                        "an endpoint beyond its limit, and one with a million waiting",
                        false,
                        Goal.of(1.2),
                        BadEndpoints.FLOODED),
                new Recovery(
                        "recovery",
                        "fresh events for an endpoint that takes its backlog after an outage",
                        false,
                        Goal.of(2)),
                new Backlog("backlog", "a million deliveries wait", false, Goal.of(0.9, 0.85)),
                new Restart("restart", "time to ready with a million waiting", false),
                new Scale(
                        "scale",
                        "one, two and four nodes that send, each with few slots",
                        false,
                        Goal.of(1.9),
                        Goal.of(3.6)),
                new BusCost(
                        "bus", "a node that stores and one that sends, against one that does both", false, Goal.of(12)),
                new Endpoints("endpoints", "a hundred thousand endpoints", false, Goal.of(0.9, 0.85)),
                new Idle("idle", "a hundred thousand endpoints, no traffic", false));
    }
}
