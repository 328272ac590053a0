package io.posthorn.app;

import io.posthorn.app.demo.Demonstration;
import io.posthorn.config.ConfigLoader;
import io.posthorn.config.Settings;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import io.posthorn.ingestion.TokenIssuer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Runs a node of its own and shows deliveries; leaves nothing behind. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Starts a node on free ports with a temporary data directory, and a receiver that fails twice for every message;",
            "sends a few events and shows each attempt until all are delivered and verified; then stops everything."
        })
final class DemoCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws StartRefused, InterruptedException, IOException {
        Path directory = Files.createTempDirectory("posthorn-demo");
        try {
            return demonstrate(directory);
        } finally {
            remove(directory);
        }
    }

    private int demonstrate(Path directory) throws StartRefused, InterruptedException {
        PrintWriter out = surroundings.out();
        Settings settings =
                new ConfigLoader(variables(directory), Map.of()).load(null).settings();
        Secret secret = ConfigOption.secretOf(settings);
        Program program = Program.of(settings, secret, EnumSet.allOf(Role.class));
        try {
            program.start();
            out.println("node      listens at " + program.apiAddress());
            String token =
                    TokenIssuer.organizationToken(secret, OrganizationId.DEFAULT, Duration.ofHours(1), Instant.now());
            Demonstration demonstration =
                    new Demonstration(program.vertx(), URI.create(program.apiAddress()), token, out);
            Void unused = Waiting.startOf(demonstration.run(), Map.of());
            out.println("every message was delivered at its third attempt, and every signature verified");
            out.flush();
        } finally {
            program.stop();
        }
        return ExitCode.OK;
    }

    private static Map<String, String> variables(Path directory) {
        return Map.of(
                "WEBHOOK_HTTP_PORT", "0",
                "WEBHOOK_MANAGEMENT_PORT", "0",
                "WEBHOOK_DATA_DIR", directory.toString(),
                "WEBHOOK_EGRESS_ALLOW", "127.0.0.1/32",
                "WEBHOOK_RETRY_SCHEDULE", "1,1,1",
                "WEBHOOK_LOG_LEVEL", "warn");
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
