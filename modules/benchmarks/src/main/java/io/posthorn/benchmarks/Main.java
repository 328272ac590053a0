package io.posthorn.benchmarks;

import io.posthorn.benchmarks.cases.BenchCase;
import io.posthorn.benchmarks.cases.Cases;
import io.posthorn.benchmarks.load.Payload;
import io.posthorn.benchmarks.run.Plan;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Store;
import io.posthorn.testkit.process.PosthornNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks. */
@Command(
        name = "scripts/bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures Posthorn as a process of its own, with the flags of scripts/start, against a bare Vert.x client "
                    + "loop that only POSTs signed payloads, in turns, on this machine.",
            ""
        },
        footer = {
            "",
            "A round is bare, service, bare. It is repeated when the two bare ones differ by",
            "more than 5 %% (25 %% where times are compared), at most as often as there are",
            "rounds. Shown are the median and the range of the rounds. A case is marked as",
            "disturbed when processes that are no part of it took more than 10 %% of a core.",
            "",
            "Exit codes: 0 measured, 1 a case could not be measured, 2 wrong command line.",
            "",
            "  scripts/bench                                about five minutes, on disk",
            "  scripts/bench --case list                    the cases",
            "  scripts/bench --case deliver --engine redis  one of them",
            "  scripts/bench --all --json new.json          everything",
            "  scripts/bench --compare old.json new.json    ratios of two runs"
        })
public final class Main implements Callable<Integer> {
    private static final String LIST = "list";
    private static final int MOST_ROUNDS = 1_000;
    private static final int MILLIS = 1_000;

    private final PrintWriter out;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--case",
            split = ",",
            paramLabel = "NAME",
            description = "Which cases; several by comma; \"list\" to show them. Default: the short ones.")
    private List<String> cases = List.of();

    @Option(names = "--all", description = "All cases, on disk and on Redis unless --engine says otherwise.")
    private boolean all;

    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "ENGINE",
            description = "What deliveries are kept in: disk, memory, redis (flushed every second), redis-always; "
                    + "several by comma. Default: disk.")
    private List<Store> stores = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many rounds must agree. Default: 5.")
    private int rounds;

    @Option(
            names = "--window",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long load is sent in one measurement. Default: 2.")
    private double window;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description = "How long load is sent before the first. Default: 8.")
    private double warmUp;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "What sizes such as a million waiting are multiplied with. Default: 1.")
    private double scale;

    @Option(
            names = "--payload",
            paramLabel = "BYTES",
            defaultValue = "1024",
            description = "The size of an event's payload. Default: 1024.")
    private int payload;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "128",
            description = "Client connections. Default: 128.")
    private int connections;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "256",
            description = "Requests in flight; what exceeds the connections waits for one. Default: 256.")
    private int inFlight;

    @Option(
            names = "--loops",
            paramLabel = "N",
            description = "Event loops of the generator and of the bare loop. Default: as many as processors.")
    private @Nullable Integer loops;

    @Option(names = "--idempotency-keys", description = "Send one with each event.")
    private boolean idempotencyKeys;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the program under test; may be repeated; wins over the benchmark's own.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--command",
            paramLabel = "FILE",
            defaultValue = "scripts/posthorn",
            description = "What runs the program under test: a script or a jar. Default: scripts/posthorn, as "
                    + "scripts/start does; JAVA_OPTS are its own.")
    private Path command = Path.of("");

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description =
                    "Another build of the program under test, a script or a jar: the case versus measures both in turns.")
    private @Nullable Path against;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there as well.")
    private @Nullable Path json;

    @Option(
            names = "--compare",
            arity = "2",
            paramLabel = "FILE",
            description = "Measure nothing; print the ratios of two files of results, the second by the first.")
    private List<Path> compare = List.of();

    private Main(PrintWriter out) {
        this.out = out;
    }

    /** Runs the benchmarks and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs the benchmarks and answers the exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line =
                new CommandLine(new Main(out)).setOut(out).setErr(err).registerConverter(Store.class, Store::ofLabel);
        return line.execute(args);
    }

    @Override
    public Integer call() throws Exception {
        if (cases.equals(List.of(LIST))) {
            Cases.all()
                    .values()
                    .forEach(
                            one -> out.printf("%-14s %-6s %s%n", one.name(), one.isShort() ? "short" : "", one.what()));
            return 0;
        }
        if (!compare.isEmpty()) {
            new Comparison(out).print(compare.get(0), compare.get(1));
            return 0;
        }
        List<BenchCase> chosen = choose();
        requireSense();
        Path work = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "bench")
                .toAbsolutePath();
        List<Result> results = new ArrayList<>();
        Map<String, String> setup = Setup.describe(plan(stores().get(0), work));
        setup.forEach((name, value) -> out.printf("%-12s %s%n", name, value));
        boolean complete = true;
        try (CaseRunner runner = new CaseRunner(out, loops())) {
            for (Store store : stores()) {
                for (BenchCase one : chosen) {
                    complete &= runner.measure(one, plan(store, work), results);
                }
            }
        }
        new TableReport(out).print(results);
        if (json != null) {
            JsonReport.write(json, setup, results);
        }
        if (!complete) {
            out.println("the logs of the program under test are in " + work);
            return 1;
        }
        Stage.delete(work);
        return 0;
    }

    private void requireSense() {
        require(rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds: " + rounds + " (expected: 1 to " + MOST_ROUNDS + ")");
        require(window > 0, "--window: " + window + " (expected: > 0)");
        require(warmUp > 0, "--warm-up: " + warmUp + " (expected: > 0)");
        require(scale > 0, "--scale: " + scale + " (expected: > 0)");
        require(
                payload >= Payload.MIN_BYTES,
                "--payload: " + payload + " (expected: at least " + Payload.MIN_BYTES + ")");
        require(connections >= loops(), "--connections: " + connections + " (expected: at least one a loop)");
        require(inFlight >= connections, "--in-flight: " + inFlight + " (expected: at least the connections)");
        require(against == null || Files.isRegularFile(against), "--against: " + against + " is no file");
        require(Files.isRegularFile(command), "--command: " + command + " is no file");
    }

    private List<BenchCase> choose() {
        Map<String, BenchCase> known = Cases.all();
        if (cases.isEmpty()) {
            return known.values().stream()
                    .filter(one -> one.isShort() || all && !one.needsAnotherBuild())
                    .toList();
        }
        require(!all, "--all and --case exclude each other");
        for (String name : cases) {
            require(
                    known.containsKey(name),
                    "--case: " + name + " is unknown (expected: list, or some of " + String.join(", ", known.keySet())
                            + ")");
        }
        List<BenchCase> chosen = known.values().stream()
                .filter(one -> cases.contains(one.name()))
                .toList();
        require(
                against != null || chosen.stream().noneMatch(BenchCase::needsAnotherBuild),
                "--case: versus needs --against");
        return chosen;
    }

    private List<Store> stores() {
        if (!stores.isEmpty()) {
            return stores;
        }
        return all ? List.of(Store.DISK, Store.REDIS) : List.of(Store.DISK);
    }

    private int loops() {
        return loops == null ? Runtime.getRuntime().availableProcessors() : loops;
    }

    private Plan plan(Store store, Path work) {
        return new Plan(
                lineOf(command),
                against == null ? List.of() : lineOf(against),
                work,
                store,
                rounds,
                (long) (window * MILLIS),
                (long) (warmUp * MILLIS),
                scale,
                payload,
                connections,
                inFlight,
                loops(),
                idempotencyKeys,
                settings);
    }

    private static List<String> lineOf(Path program) {
        Path file = program.toAbsolutePath();
        return file.toString().endsWith(".jar") ? PosthornNode.java(List.of(), file) : List.of(file.toString());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            if (spec == null) {
                throw new IllegalStateException(otherwise);
            }
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
