package io.posthorn.benchmarks;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.StageCost;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What each stage of a delivery's way costs, process by process: the medians, and their shares of the sum of them. */
final class StageTable {
    private static final double PERCENT = 100;

    private final PrintWriter out;

    StageTable(PrintWriter out) {
        this.out = out;
    }

    /** Nothing for a result without stages. */
    void print(Result result) {
        result.stages().stream()
                .map(StageCost::process)
                .distinct()
                .forEach(process -> print(
                        result,
                        process,
                        result.stages().stream()
                                .filter(cost -> cost.process().equals(process))
                                .toList()));
    }

    private void print(Result result, String process, List<StageCost> costs) {
        double cpu = costs.stream().mapToDouble(cost -> cost.cpu().median()).sum();
        double kib = costs.stream()
                .flatMap(cost -> cost.allocated().stream())
                .mapToDouble(Figure::median)
                .sum();
        boolean allocates = costs.stream().anyMatch(cost -> cost.allocated().isPresent());
        out.println();
        row(result, process, "stage", "us each", "share", allocates ? "KiB each" : "", allocates ? "share" : "");
        for (StageCost cost : costs) {
            row(
                    result,
                    process,
                    cost.stage(),
                    number(cost.cpu().median()),
                    share(cost.cpu().median(), cpu),
                    cost.allocated().map(figure -> number(figure.median())).orElse(""),
                    cost.allocated().map(figure -> share(figure.median(), kib)).orElse(""));
        }
        row(
                result,
                process,
                "sum",
                number(cpu),
                share(cpu, cpu),
                allocates ? number(kib) : "",
                allocates ? share(kib, kib) : "");
    }

    private void row(Result result, String process, String... cells) {
        out.printf(
                Locale.ROOT,
                "%-14s %-12s %-10s %-36s %9s %8s %9s %8s%n",
                result.name(),
                result.store().label(),
                process,
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4]);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String share(double part, double whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", part / whole * PERCENT);
    }
}
