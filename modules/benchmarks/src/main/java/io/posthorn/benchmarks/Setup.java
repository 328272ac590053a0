package io.posthorn.benchmarks;

import io.posthorn.benchmarks.run.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What figures depend on: machine, Java, engine, sizes and settings. */
final class Setup {
    private static final double KIB_PER_GIB = 1024.0 * 1024;

    private Setup() {}

    static Map<String, String> describe(Plan plan) throws IOException {
        Map<String, String> setup = new LinkedHashMap<>();
        setup.put(
                "machine",
                String.format(
                        Locale.ROOT,
                        "%d x %s, %.0f GiB, %s %s",
                        Runtime.getRuntime().availableProcessors(),
                        firstValue("/proc/cpuinfo", "model name"),
                        Long.parseLong(firstValue("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / KIB_PER_GIB,
                        System.getProperty("os.name"),
                        System.getProperty("os.version")));
        setup.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        setup.put("program", String.join(" ", plan.command()));
        setup.put("JAVA_OPTS", System.getenv().getOrDefault("JAVA_OPTS", ""));
        setup.put(
                "settings",
                plan.settings().isEmpty() ? "defaults" : plan.settings().toString());
        setup.put("limits", "at most " + plan.inFlight() + " attempts in flight to one endpoint, no rate limit");
        setup.put("data", Files.getFileStore(plan.work()).type() + ", " + plan.work());
        setup.put(
                "load",
                String.format(
                        Locale.ROOT,
                        "%d bytes, %d in flight over %d connections, %d loops, idempotency keys: %s",
                        plan.payloadBytes(),
                        plan.inFlight(),
                        plan.connections(),
                        plan.loops(),
                        plan.idempotencyKeys() ? "yes" : "no"));
        setup.put(
                "method",
                String.format(
                        Locale.ROOT,
                        "%d rounds of bare, service, bare; windows of %d ms after %d ms of warming up; sizes x %s",
                        plan.rounds(),
                        plan.windowMillis(),
                        plan.warmUpMillis(),
                        plan.scale()));
        return setup;
    }

    private static String firstValue(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
    }
}
