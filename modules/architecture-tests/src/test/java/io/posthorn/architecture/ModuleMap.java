package io.posthorn.architecture;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which module may use which other modules: the module table of the design as data. */
final class ModuleMap {
    static final String ROOT = "io.posthorn";

    /** The modules that hold one verticle each. */
    static final List<String> ROLES = List.of("storage", "ingestion", "validation", "ratelimit", "dispatch", "health");

    private static final Set<String> FOR_ROLES = Set.of("contract", "bus", "config", "observability");

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("contract", Set.of()),
            Map.entry("bus", Set.of("contract")),
            Map.entry("config", Set.of("contract")),
            Map.entry("observability", Set.of("contract", "config")),
            Map.entry("storage.api", Set.of("contract")),
            Map.entry("storage.rows", Set.of("contract")),
            Map.entry("storage.local", Set.of("contract", "storage.api", "storage.rows")),
            Map.entry("storage.redis", Set.of("contract", "storage.api", "storage.rows")),
            Map.entry("storage", Set.of("contract", "bus", "config", "observability", "storage.api")),
            Map.entry("ingestion", FOR_ROLES),
            Map.entry("validation", FOR_ROLES),
            Map.entry("ratelimit", FOR_ROLES),
            Map.entry("dispatch", FOR_ROLES),
            Map.entry("health", FOR_ROLES),
            Map.entry("client", Set.of("contract", "bus")),
            Map.entry("testkit", Set.of("contract", "storage.api")));

    /** The modules that may use all others. */
    private static final Set<String> TOP = Set.of("app", "benchmarks", "chaos");

    private ModuleMap() {}

    /** The module a package belongs to: the longest name in the table that it starts with; empty when there is none. */
    static Optional<String> moduleOf(String packageName) {
        return Stream.concat(MAY_USE.keySet().stream(), TOP.stream())
                .filter(module -> isWithin(packageName, ROOT + "." + module))
                .max(Comparator.comparingInt(String::length));
    }

    static boolean mayUse(String from, String to) {
        return from.equals(to)
                || TOP.contains(from)
                || MAY_USE.getOrDefault(from, Set.of()).contains(to);
    }

    private static boolean isWithin(String packageName, String parent) {
        return packageName.equals(parent) || packageName.startsWith(parent + ".");
    }
}
