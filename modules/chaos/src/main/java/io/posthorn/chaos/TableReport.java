package io.posthorn.chaos;

import io.posthorn.chaos.run.Result;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results as a table, and below it what was broken and what else is to be said. */
final class TableReport {
    private static final String ROW = "%-17s %-6s %9s %9s %6s %8s %8s %18s %9s  %s%n";

    private final PrintWriter out;

    TableReport(PrintWriter out) {
        this.out = out;
    }

    void print(List<Result> results) {
        out.println();
        out.printf(
                Locale.ROOT,
                ROW,
                "fault",
                "engine",
                "accepted",
                "delivered",
                "lost",
                "repeated",
                "allowed",
                "refused",
                "recovery",
                "verdict");
        results.forEach(this::row);
        for (Result result : results) {
            result.broken().forEach(rule -> out.println(title(result) + "BROKEN: " + rule));
            result.remarks().forEach(remark -> out.println(title(result) + remark));
            if (!result.ran()) {
                out.println(title(result) + "skipped: " + result.skipped());
            }
        }
        out.println();
        out.println("accepted: messages answered with 202; delivered: distinct (message, endpoint) pairs received;");
        out.println("lost: promised pairs never received; allowed: repeats that were in flight when it happened;");
        out.println("recovery: the slowest time from mending to the first event accepted and delivered after it.");
        out.flush();
    }

    private void row(Result result) {
        if (!result.ran()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    result.fault(),
                    result.engine().lowerCase(),
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "-",
                    "skipped");
            return;
        }
        out.printf(
                Locale.ROOT,
                ROW,
                result.fault(),
                result.engine().lowerCase(),
                result.accepted(),
                result.delivered(),
                result.lost(),
                result.repeated(),
                result.allowed(),
                refused(result),
                String.format(Locale.ROOT, "%.1f s", result.slowestRecovery().toMillis() / 1000.0),
                result.passed() ? "passed" : "FAILED");
    }

    /** Such as {@code 503: 12, none: 3}. */
    private static String refused(Result result) {
        String byStatus = result.refused().entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining(", "));
        String unanswered = result.unanswered() > 0 ? "none: " + result.unanswered() : "";
        String separator = byStatus.isEmpty() || unanswered.isEmpty() ? "" : ", ";
        String all = byStatus + separator + unanswered;
        return all.isEmpty() ? "0" : all;
    }

    private static String title(Result result) {
        return result.fault() + " (" + result.engine().lowerCase() + "): ";
    }
}
