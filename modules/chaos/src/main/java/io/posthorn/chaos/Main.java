package io.posthorn.chaos;

import io.posthorn.chaos.fault.Faults;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Plan;
import io.posthorn.chaos.run.Result;
import io.posthorn.chaos.run.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** The command line of the fault suite. */
@Command(
        name = "scripts/chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Breaks a running Posthorn and its neighbours on purpose, under load, and counts at the receivers, by "
                    + "webhook-id, whether everything that was accepted has arrived.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 every rule held, 1 something was lost or a rule broken, 2 wrong command line,",
            "69 a tool is missing and cannot be installed. A fault that this machine cannot stage is reported as skipped.",
            "",
            "  scripts/chaos --fault list                        the faults, and what must hold",
            "  scripts/chaos --engine disk --fault kill9         one of them",
            "  scripts/chaos --engine redis --fault all --json results.json",
            "  scripts/chaos --set WEBHOOK_STORAGE_RETENTION=1d  with settings of your own"
        })
public final class Main implements Callable<Integer> {
    private static final String LIST = "list";
    private static final String ALL = "all";

    private final PrintWriter out;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--engine",
            split = ",",
            paramLabel = "ENGINE",
            defaultValue = "disk",
            description = "What the deliveries are kept in: memory, disk, redis; several by comma. Default: disk.")
    private List<Engine> engines = List.of();

    @Option(
            names = "--fault",
            split = ",",
            paramLabel = "NAME",
            defaultValue = ALL,
            description = "Which faults; several by comma; \"all\" that can happen to the engine (the default), or "
                    + "\"list\" to show them.")
    private List<String> faults = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each fault strikes. Default: 20 for kill9, 1 to 4 for the others.")
    private @Nullable Integer rounds;

    @Option(
            names = "--duration",
            paramLabel = "D",
            defaultValue = "5s",
            description = "Load after the last strike, and at most before each: 500ms, 5s, 2m. Default: 5s.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--outage",
            paramLabel = "D",
            defaultValue = "60s",
            description = "How long a Redis is away or hangs. Default: 60s.")
    private Duration outage = Duration.ZERO;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Events a second; each has one to three endpoints. Default: 200.")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of every random moment; printed at the start. Default: a new one.")
    private @Nullable Long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the results there as well.")
    private @Nullable Path json;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the node under test; may be repeated; wins over the suite's own.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "An option for its JVM, such as -Xmx1g; may be repeated.")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            defaultValue = "modules/app/target/posthorn.jar",
            description = "The program under test. Default: the one of this checkout.")
    private Path jar = Path.of("");

    @Option(
            names = "--keep",
            paramLabel = "DIRECTORY",
            description =
                    "Where data and logs of the runs are left; must be empty. Default: a temporary directory that "
                            + "is named at the start.")
    private @Nullable Path keep;

    private Main(PrintWriter out) {
        this.out = out;
    }

    /** Runs the suite and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Runs the suite and answers its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main(out))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Durations::parse)
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        if (faults.equals(List.of(LIST))) {
            Faults.all().values().forEach(this::describe);
            return 0;
        }
        requirePositive();
        Map<Engine, List<String>> chosen = choose();
        Plan plan = plan();
        out.println("seed " + plan.seed() + "; data and logs in " + plan.work());
        List<Result> results = new ArrayList<>();
        ProgressLine progress = new ProgressLine(out);
        for (Engine engine : chosen.keySet()) {
            for (String name : chosen.getOrDefault(engine, List.of())) {
                Fault fault = Faults.all().get(name);
                if (fault != null) {
                    results.add(new Run(fault, engine, plan, progress).execute());
                }
            }
        }
        new TableReport(out).print(results);
        if (json != null) {
            JsonReport.write(json, plan, results);
        }
        return results.stream().allMatch(Result::passed) ? 0 : 1;
    }

    private void describe(Fault fault) {
        List<String> names = fault.engines().stream().map(Engine::lowerCase).toList();
        out.printf("%-17s %-20s %s%n", fault.name(), String.join(", ", names), fault.mustHold());
    }

    private void requirePositive() {
        if (rate < 1 || rate > 10_000) {
            throw wrong("--rate: " + rate + " (expected: 1 to 10000)");
        }
        if (rounds != null && (rounds < 1 || rounds > 10_000)) {
            throw wrong("--rounds: " + rounds + " (expected: 1 to 10000)");
        }
        if (!Files.isRegularFile(jar)) {
            throw wrong("--jar: " + jar + " is no file");
        }
    }

    /** By engine, the names of its faults; a fault that cannot happen to an engine is refused when named. */
    private Map<Engine, List<String>> choose() {
        Map<String, Fault> known = Faults.all();
        Map<Engine, List<String>> chosen = new LinkedHashMap<>();
        for (Engine engine : engines) {
            List<String> names = faults.equals(List.of(ALL))
                    ? known.values().stream()
                            .filter(fault -> fault.engines().contains(engine))
                            .map(Fault::name)
                            .toList()
                    : faults;
            for (String name : names) {
                Fault fault = known.get(name);
                if (fault == null) {
                    throw wrong("--fault: " + name + " is unknown (expected: all, list, or some of "
                            + String.join(", ", known.keySet()) + ")");
                }
                if (!fault.engines().contains(engine)) {
                    throw wrong("--fault: " + name + " cannot happen to the engine " + engine.lowerCase());
                }
            }
            chosen.put(engine, names);
        }
        return chosen;
    }

    private Plan plan() throws IOException {
        Path work = keep == null ? Files.createTempDirectory("posthorn-chaos") : Files.createDirectories(keep);
        try (var inside = Files.list(work)) {
            if (inside.findAny().isPresent()) {
                throw wrong("--keep: " + work + " is not empty");
            }
        }
        return new Plan(
                jar.toAbsolutePath(),
                work.toAbsolutePath(),
                rounds,
                duration,
                rate,
                outage,
                seed == null ? System.nanoTime() & Integer.MAX_VALUE : seed,
                javaOptions,
                settings);
    }

    private ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
