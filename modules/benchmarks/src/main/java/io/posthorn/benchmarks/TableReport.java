package io.posthorn.benchmarks;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Statistics;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The results as a table, and below it what else is to be said. */
final class TableReport {
    private static final String ROW = "%-14s %-12s %-30s %12s %-12s %25s  %s%n";

    private final PrintWriter out;

    TableReport(PrintWriter out) {
        this.out = out;
    }

    void print(List<Result> results) {
        out.println();
        out.printf(Locale.ROOT, ROW, "case", "engine", "figure", "median", "", "range", "asked for");
        for (Result result : results) {
            result.figures().forEach(figure -> row(result, figure));
        }
        results.stream()
                .map(result -> "engine " + result.store().label() + ": "
                        + result.store().flush() + "; Java with: "
                        + (result.javaOptions().isEmpty() ? "its defaults" : result.javaOptions()))
                .distinct()
                .forEach(out::println);
        results.forEach(result -> new StageTable(out).print(result));
        for (Result result : results) {
            String title = result.name() + " (" + result.store().label() + "): ";
            result.notes().forEach(note -> out.println(title + note));
            if (result.disturbed()) {
                out.println(title + "DISTURBED: other processes took more than 10 % of a core");
            }
        }
        out.flush();
    }

    private void row(Result result, Figure figure) {
        out.printf(
                Locale.ROOT,
                ROW,
                result.name(),
                result.store().label(),
                figure.name(),
                number(figure.median()),
                figure.unit(),
                figure.values().size() < 2
                        ? ""
                        : number(Statistics.smallest(figure.values())) + " - "
                                + number(Statistics.largest(figure.values())),
                asked(figure));
    }

    private static String asked(Figure figure) {
        return figure.goal()
                .map(goal -> (figure.better() == Figure.Better.HIGHER ? "at least " : "at most ")
                        + number(goal)
                        + (figure.reached().orElse(false) ? ": reached" : ": NOT reached"))
                .orElse("");
    }

    /** Three digits that matter. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
