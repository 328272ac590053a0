package io.posthorn.app;

import io.posthorn.config.Settings;
import io.posthorn.contract.AuditReport;
import io.posthorn.ingestion.AuditJson;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Recounts a store and says whether its books are right. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Recounts the store: every index against every record, and the books per endpoint and in total.",
            "Without --url it opens the store of the settings itself, which no node may use meanwhile; with --url it asks a"
                    + " running node, whose traffic goes on."
        },
        footer = {"", "Exit codes: 0 everything agrees or was mended, 1 not, 2 wrong command line."})
final class VerifyCommand implements Callable<Integer> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Surroundings surroundings;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--repair", description = "Put right what can be: the records are the truth.")
    private boolean repair;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(
            names = "--url",
            paramLabel = "http://host:port",
            description = "The API of a running node. In a cluster that of a node with the storage role.")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "With --url: a token of an organisation; posthorn token makes one.")
    private @Nullable String token;

    @Spec
    private @Nullable CommandSpec spec;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException {
        URI server = url;
        if (server == null && token != null) {
            throw usage("--token: it is for a running node (expected: --url with it)");
        }
        ProgressLine progress = surroundings.progress();
        Vertx vertx = Vertx.vertx();
        AuditReport report;
        try {
            report = server == null ? ofStoppedNode(vertx, progress) : ofRunningNode(vertx, server, progress);
        } finally {
            progress.clear();
            boolean unused = Waiting.endOf(vertx.close(), CLOSE_TIMEOUT);
        }
        PrintWriter out = surroundings.out();
        if (json) {
            out.println(AuditJson.write(report).encodePrettily());
            out.flush();
        } else {
            AuditTable.print(report, out);
        }
        return report.clean() ? ExitCode.OK : ExitCode.FAILED;
    }

    private AuditReport ofStoppedNode(Vertx vertx, ProgressLine progress) throws StartRefused, InterruptedException {
        Settings settings = config.load(surroundings).settings();
        StorageEngine engine = new Engines(settings, InstantSource.system(), vertx).ofStoppedNode();
        Waiting.openingOf(engine, "a running node is asked with --url and --token");
        try {
            return Waiting.resultOf(
                    engine.audit(repair, looked -> progress.show("records looked at", looked, 0)), "the recount");
        } finally {
            boolean unused = Waiting.endOf(engine.close(), CLOSE_TIMEOUT);
        }
    }

    private AuditReport ofRunningNode(Vertx vertx, URI server, ProgressLine progress)
            throws StartRefused, InterruptedException {
        String problem = NodeCalls.problem(server);
        if (problem != null) {
            throw usage("--url: " + problem);
        }
        String given = token;
        if (given == null) {
            throw usage("--url: a running node wants a token (expected: --token with it; posthorn token makes one)");
        }
        return Waiting.resultOf(
                new AuditCalls(vertx, server, given)
                        .run(repair, now -> progress.show("records looked at", now.looked(), 0)),
                "the recount");
    }

    private RuntimeException usage(String problem) {
        return spec == null ? new IllegalStateException(problem) : new ParameterException(spec.commandLine(), problem);
    }
}
