package io.posthorn.benchmarks;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Two files of results, figure by figure: the second by the first. */
final class Comparison {
    private static final String ROW = "%-14s %-12s %-30s %12s %12s %8s  %s%n";

    private final PrintWriter out;

    /** What a ratio of two medians means, given the ranges that they come from. */
    enum Change {
        BETTER,
        WORSE,
        /** The ranges overlap: it may be the machine. */
        WITHIN_SPREAD,
        /** Neither way is better. */
        DIFFERENT
    }

    Comparison(PrintWriter out) {
        this.out = out;
    }

    void print(Path first, Path second) throws IOException {
        Map<String, JsonObject> before = figures(first);
        Map<String, JsonObject> after = figures(second);
        out.printf(Locale.ROOT, ROW, "case", "engine", "figure", "first", "second", "ratio", "");
        after.forEach((key, now) -> {
            JsonObject then = before.get(key);
            if (then != null) {
                row(key, then, now);
            }
        });
        before.keySet().stream()
                .filter(key -> !after.containsKey(key))
                .forEach(key -> out.println("only in " + first + ": " + key.replace('\t', ' ')));
        after.keySet().stream()
                .filter(key -> !before.containsKey(key))
                .forEach(key -> out.println("only in " + second + ": " + key.replace('\t', ' ')));
        out.println();
        out.println("Differences between two runs under a factor of 1.5 prove nothing where the figure is no share:");
        out.println("the machine changes its speed. Shares of the bare loop can be compared.");
    }

    private void row(String key, JsonObject then, JsonObject now) {
        String[] names = key.split("\t");
        out.printf(
                Locale.ROOT,
                ROW,
                names[0],
                names[1],
                names[2],
                TableReport.number(then.getDouble("median")),
                TableReport.number(now.getDouble("median")),
                TableReport.number(ratio(then, now)),
                change(then, now).name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    static double ratio(JsonObject then, JsonObject now) {
        return now.getDouble("median") / then.getDouble("median");
    }

    static Change change(JsonObject then, JsonObject now) {
        boolean higher = now.getDouble("min") > then.getDouble("max");
        boolean lower = now.getDouble("max") < then.getDouble("min");
        if (!higher && !lower) {
            return Change.WITHIN_SPREAD;
        }
        return switch (now.getString("better")) {
            case "higher" -> higher ? Change.BETTER : Change.WORSE;
            case "lower" -> lower ? Change.BETTER : Change.WORSE;
            default -> Change.DIFFERENT;
        };
    }

    private static Map<String, JsonObject> figures(Path file) throws IOException {
        Map<String, JsonObject> all = new LinkedHashMap<>();
        for (Object one : new JsonObject(Files.readString(file)).getJsonArray("results")) {
            JsonObject result = (JsonObject) one;
            for (Object figure : result.getJsonArray("figures")) {
                JsonObject named = (JsonObject) figure;
                all.put(
                        result.getString("case") + "\t" + result.getString("engine") + "\t" + named.getString("name"),
                        named);
            }
        }
        return all;
    }
}
