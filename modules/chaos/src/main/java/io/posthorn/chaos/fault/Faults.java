package io.posthorn.chaos.fault;

import io.posthorn.chaos.run.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All faults by name, in the order in which they are run. */
public final class Faults {
    private static final List<Supplier<Fault>> MAKERS = List.of(
            Kill9::new,
            RestartWithBacklog::new,
            Pause::new,
            DyingReceivers::new,
            EndpointChanges::new,
            TwoProcesses::new,
            DiskFull::new,
            () -> new DamagedLog(LogDamage.TORN_TAIL),
            () -> new DamagedLog(LogDamage.GARBLED_TAIL),
            () -> new DamagedLog(LogDamage.MISSING_LOG),
            () -> new DamagedLog(LogDamage.CORRUPT_LOG),
            ClockSteps::new,
            () -> new RedisOutage(new RedisWays.Killed("redis-kill"), true, Map.of()),
            () -> new RedisOutage(new RedisWays.Killed("redis-everysec"), true, Map.of("appendfsync", "everysec")),
            () -> new RedisOutage(new RedisWays.Stopped("redis-away"), false, Map.of()),
            () -> new RedisOutage(new RedisWays.Hanging("redis-hang"), false, Map.of()),
            () -> new RedisOutage(new RedisWays.CutOff("redis-cut"), false, Map.of()),
            Failover::new,
            RedisFull::new,
            RedisForeign::new,
            RedisScriptsFlushed::new);

    private Faults() {}

    /** New ones, since a fault keeps what it has done. */
    public static Map<String, Fault> all() {
        Map<String, Fault> byName = new LinkedHashMap<>();
        MAKERS.forEach(maker -> {
            Fault fault = maker.get();
            Fault before = byName.put(fault.name(), fault);
            if (before != null) {
                throw new IllegalStateException("two faults are called " + fault.name());
            }
        });
        return byName;
    }
}
