package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** All cases, by name, in the order in which they run. */
public final class Cases {
    private static final int LARGE_BYTES = 65_536;

    private Cases() {}

    /** All of them. */
    public static Map<String, BenchCase> all() {
        Map<String, BenchCase> all = new LinkedHashMap<>();
        List.of(
                        new Deliver(
                                "deliver",
                                "one application, one endpoint",
                                true,
                                1,
                                1,
                                OptionalInt.empty(),
                                Map.of(Store.DISK, 0.40, Store.REDIS, 0.28)),
                        new Deliver(
                                "deliver-1000",
                                "one application, a thousand endpoints, each message for one of them",
                                false,
                                1_000,
                                1,
                                OptionalInt.empty(),
                                Map.of(Store.DISK, 0.40, Store.REDIS, 0.28)),
                        new Deliver(
                                "fanout",
                                "ten endpoints a message, deliveries counted",
                                true,
                                1,
                                10,
                                OptionalInt.empty(),
                                Map.of(Store.DISK, 0.65, Store.REDIS, 0.45)),
                        new Deliver(
                                "large",
                                "payloads of 64 KiB, one endpoint",
                                false,
                                1,
                                1,
                                OptionalInt.of(LARGE_BYTES),
                                Map.of()))
                .forEach(one -> all.put(one.name(), one));
        return all;
    }
}
