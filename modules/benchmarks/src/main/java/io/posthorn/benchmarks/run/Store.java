package io.posthorn.benchmarks.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the program under test keeps its deliveries in, with the flush setting. */
public enum Store {
    /** The write-ahead log on this machine. */
    DISK("disk", "flushed to disk before the 2xx, a group at a time", Optional.empty()),
    /** Nothing is durable. */
    MEMORY("memory", "nothing is durable", Optional.empty()),
    /** A Redis server of the run's own. */
    REDIS("redis", "appendonly, appendfsync everysec", Optional.of("everysec")),
    /** The same, flushed at each write. */
    REDIS_ALWAYS("redis", "appendonly, appendfsync always", Optional.of("always"));

    private final String type;
    private final String flush;
    private final Optional<String> appendfsync;

    Store(String type, String flush, Optional<String> appendfsync) {
        this.type = type;
        this.flush = flush;
        this.appendfsync = appendfsync;
    }

    /** As in {@code WEBHOOK_STORAGE_TYPE}. */
    public String type() {
        return type;
    }

    /** How durable an accepted event is. */
    public String flush() {
        return flush;
    }

    /** Whether what it holds is still there when the program is started again. */
    public boolean outlivesTheProcess() {
        return this != MEMORY;
    }

    /** The settings of its Redis server; empty when it needs none. */
    Optional<Map<String, String>> redisSettings() {
        return appendfsync.map(value -> Map.of("appendfsync", value));
    }

    /** The one with that label. */
    public static Store ofLabel(String label) {
        return Arrays.stream(values())
                .filter(store -> store.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected: disk, memory, redis or redis-always"));
    }

    /** As on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
