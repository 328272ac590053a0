package io.posthorn.app;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints what a recount found, for people. */
final class AuditTable {
    private AuditTable() {}

    /** Prints the books as they were counted and recounted, and every listed difference. */
    static void print(AuditReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %,d endpoints, %,d messages, %,d deliveries, %,d attempts, looked at in %.1f s%n",
                report.engine(),
                report.endpoints(),
                report.messages(),
                report.deliveries(),
                report.attempts(),
                report.took().toMillis() / 1_000.0);
        Books counted = report.counted();
        Books recorded = report.recorded();
        out.printf(Locale.ROOT, "  %-10s %15s %15s%n", "", "counted", "recounted");
        row(out, "created", counted.created(), recorded.created());
        row(out, "succeeded", counted.succeeded(), recorded.succeeded());
        row(out, "failed", counted.failed(), recorded.failed());
        row(out, "cancelled", counted.cancelled(), recorded.cancelled());
        row(out, "waiting", counted.waiting(), recorded.waiting());
        row(out, "in flight", counted.inFlight(), recorded.inFlight());
        differences(report, out);
        out.flush();
    }

    private static void row(PrintWriter out, String name, long counted, long recorded) {
        out.printf(
                Locale.ROOT,
                "  %-10s %,15d %,15d%s%n",
                name,
                counted,
                recorded,
                counted == recorded ? "" : "  <- differs");
    }

    private static void differences(AuditReport report, PrintWriter out) {
        if (report.differenceCount() == 0) {
            out.println("everything agrees");
            return;
        }
        for (AuditReport.Difference one : report.differences()) {
            out.println("  " + one.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + one.where() + ": "
                    + one.detail() + (one.mended() ? " (mended)" : ""));
        }
        long unlisted = report.differenceCount() - report.differences().size();
        if (unlisted > 0) {
            out.printf(Locale.ROOT, "  and %,d more%n", unlisted);
        }
        long mended = report.differences().stream()
                .filter(AuditReport.Difference::mended)
                .count();
        out.printf(Locale.ROOT, "%,d differences, %,d of them mended%n", report.differenceCount(), mended);
    }
}
