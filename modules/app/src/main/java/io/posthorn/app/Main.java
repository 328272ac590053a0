package io.posthorn.app;

import io.posthorn.config.ConfigException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code posthorn}. */
@Command(
        name = "posthorn",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Delivers webhooks: stores events durably, signs them and sends them until they arrive.",
        footer = {
            "",
            "Settings come from --config=FILE, the environment and system properties; docs/configuration.md lists them.",
            "Exit codes: 0 done, 1 cannot run as things are, 2 wrong command line, 78 wrong settings."
        })
public final class Main {
    @Option(names = "--stacktrace", hidden = true, scope = CommandLine.ScopeType.INHERIT)
    private boolean stacktrace;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Map<String, String> properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
        int code = run(
                new Surroundings(
                        System.getenv(),
                        properties,
                        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                        CommandLine.Help.Ansi.AUTO.enabled()),
                args);
        System.exit(code);
    }

    /** Runs a command and returns its exit code. */
    static int run(Surroundings surroundings, String... args) {
        Main main = new Main();
        CommandLine line = new CommandLine(main)
                .addSubcommand(new ServeCommand(surroundings))
                .addSubcommand(new TokenCommand(surroundings))
                .addSubcommand(new VerifyCommand(surroundings))
                .addSubcommand(new ExplainCommand(surroundings))
                .addSubcommand(new NodesCommand(surroundings))
                .addSubcommand(new MigrateCommand(surroundings))
                .addSubcommand(new ReceiveCommand(surroundings))
                .addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(new VersionCommand(surroundings))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, main, surroundings));
        if (args.length == 0) {
            line.usage(surroundings.out());
            return ExitCode.USAGE;
        }
        return line.execute(args);
    }

    private static int report(Exception failure, Main main, Surroundings surroundings) {
        PrintWriter err = surroundings.err();
        if (main.stacktrace) {
            failure.printStackTrace(err);
        }
        if (failure instanceof ConfigException || failure instanceof StartRefused) {
            err.println("posthorn: " + failure.getMessage());
        } else {
            err.println("posthorn: an unexpected failure: " + failure + " (--stacktrace shows where)");
        }
        err.flush();
        return failure instanceof ConfigException ? ExitCode.BAD_SETTINGS : ExitCode.FAILED;
    }
}
