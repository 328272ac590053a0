package io.posthorn.app;

import io.posthorn.contract.Books;
import io.posthorn.storage.MoveReport;
import io.posthorn.storage.Mover;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Moves what one store holds into another, while no node uses either. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Copies everything that one store holds into an empty one and recounts both. No node may run on either.",
            "Killed at any point, it goes on where it was when the same command is given again; one that has ended is recounted.",
            "The source stays as it is."
        },
        footer = {"", "Exit codes: 0 moved and both agree, 1 not, 2 wrong command line."})
final class MigrateCommand implements Callable<Integer> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);
    private static final String STOP_FIRST = "no node may run on it meanwhile";

    private final Surroundings surroundings;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "STORE",
            description = "The store to read: " + Engines.FORMS + ".")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "STORE",
            description = "The store to write, which is empty, or was when this move was begun: " + Engines.FORMS + ".")
    private String to = "";

    @Spec
    private @Nullable CommandSpec spec;

    MigrateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        if (from.equals(to)) {
            throw usage("--to: " + Engines.shown(to) + " (expected: another store than --from)");
        }
        Vertx vertx = Vertx.vertx();
        try {
            Engines engines = new Engines(config.load(surroundings).settings(), InstantSource.system(), vertx);
            StorageEngine target = at("--to", () -> engines.at(to));
            return moveFrom(at("--from", () -> engines.existing(from)), target);
        } finally {
            boolean unused = Waiting.endOf(vertx.close(), CLOSE_TIMEOUT);
        }
    }

    private int moveFrom(StorageEngine source, StorageEngine target) throws StartRefused, InterruptedException {
        Waiting.openingOf(source, STOP_FIRST);
        try {
            Waiting.openingOf(target, STOP_FIRST);
            try {
                return move(source, target);
            } finally {
                boolean unused = Waiting.endOf(target.close(), CLOSE_TIMEOUT);
            }
        } finally {
            boolean unused = Waiting.endOf(source.close(), CLOSE_TIMEOUT);
        }
    }

    private int move(StorageEngine source, StorageEngine target) throws StartRefused, InterruptedException {
        PrintWriter out = surroundings.out();
        Transfer.Identity read = Waiting.resultOf(source.identity(), "--from");
        if (read.empty()) {
            throw new StartRefused("--from: " + Engines.shown(from) + " holds nothing to move");
        }
        Transfer.Mark mark = Waiting.resultOf(target.identity(), "--to").mark();
        say(out, beginning(read.id(), mark));
        ProgressLine progress = surroundings.progress();
        MoveReport report;
        try {
            report = Waiting.resultOf(
                    Mover.move(source, target, (items, total) -> progress.show("items moved", items, total)),
                    "the move");
        } finally {
            progress.clear();
        }
        print(report, out);
        return report.agrees() ? ExitCode.OK : ExitCode.FAILED;
    }

    private String beginning(String source, Transfer.@Nullable Mark mark) {
        String both = Engines.shown(from) + " to " + Engines.shown(to);
        if (mark == null || !mark.source().equals(source) || (mark.items() == 0 && !mark.ended())) {
            return "moves " + both;
        }
        return mark.ended()
                ? "has ended before and is recounted: " + both
                : String.format(Locale.ROOT, "resumes at item %,d: %s", mark.items(), both);
    }

    private void print(MoveReport report, PrintWriter out) {
        out.printf(Locale.ROOT, "%,d items are in %s%n", report.items(), Engines.shown(to));
        report.changes().forEach(line -> out.println("  changed to fit: " + line));
        long unlisted = report.changeCount() - report.changes().size();
        if (unlisted > 0) {
            out.printf(Locale.ROOT, "  and %,d more changes%n", unlisted);
        }
        Books source = report.source();
        Books target = report.target();
        out.printf(Locale.ROOT, "  %-10s %15s %15s%n", "", "source", "target");
        row(out, "created", source.created(), target.created());
        row(out, "succeeded", source.succeeded(), target.succeeded());
        row(out, "failed", source.failed(), target.failed());
        row(out, "cancelled", source.cancelled(), target.cancelled());
        // What was in flight in the source waits in the target.
        row(out, "open", source.waiting() + source.inFlight(), target.waiting() + target.inFlight());
        if (report.agrees()) {
            out.println("both agree; " + Engines.shown(to) + " is ready for a node");
        } else {
            out.println("they do not agree: do not run a node on " + Engines.shown(to));
            AuditTable.print(report.sourceAudit(), out);
            AuditTable.print(report.targetAudit(), out);
        }
        out.flush();
    }

    private static void row(PrintWriter out, String name, long source, long target) {
        out.printf(
                Locale.ROOT, "  %-10s %,15d %,15d%s%n", name, source, target, source == target ? "" : "  <- differs");
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    /** Makes an engine, or throws for lack of one. */
    @FunctionalInterface
    private interface Maker {
        StorageEngine make() throws StartRefused;
    }

    private StorageEngine at(String option, Maker maker) throws StartRefused {
        try {
            return maker.make();
        } catch (IllegalArgumentException e) {
            throw usage(option + ": " + e.getMessage());
        }
    }

    private RuntimeException usage(String problem) {
        return spec == null ? new IllegalStateException(problem) : new ParameterException(spec.commandLine(), problem);
    }
}
