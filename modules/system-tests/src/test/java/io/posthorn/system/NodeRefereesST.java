package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.standardwebhooks.Webhook;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages for Node.js, unmodified, as referees: see {@code src/test/npm/referees.mjs} and {@code compose.mjs}. */
class NodeRefereesST {
    private static final Path SOURCES = Path.of("src", "test", "npm");
    private static final Path WORK = Path.of("target", "npm");
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    Path data;

    @BeforeAll
    static void install() throws Exception {
        installAt(WORK);
    }

    /** Installs the packages in a directory; each user has its own, since test classes run at the same time. */
    static void installAt(Path directory) throws Exception {
        assumeTrue(isOnPath("node"), "skipped: no node on the PATH");
        assumeTrue(isOnPath("npm"), "skipped: no npm on the PATH");
        Files.createDirectories(directory);
        for (String name : List.of("package.json", "package-lock.json", "referees.mjs", "compose.mjs")) {
            Files.copy(SOURCES.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        runAt(directory, Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    }

    @Test
    void refereesFindNoMismatch() throws Exception {
        // When
        String output;
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            output = run(
                    Map.of("POSTHORN_API", posthorn.api(), "POSTHORN_TOKEN", posthorn.token()), "node", "referees.mjs");
        }

        // Then
        System.out.println(output);
        assertThat(output).contains("examples: ", "svix client: ");
    }

    @Test
    void composeFilesFitTheSchemaOfTheComposeSpecification() throws Exception {
        // Given
        Path root = Path.of("..", "..").toAbsolutePath().normalize();
        String cluster = root.resolve("docker-compose.yml").toString();
        String single = root.resolve("docker-compose.single.yml").toString();

        // When: it ends with a failure if one does not, or if a misspelt key passes
        String output = run(Map.of(), "node", "compose.mjs", cluster, single);

        // Then
        assertThat(output).contains(cluster + ": 8 services", single + ": 2 services");
    }

    @Test
    void everyExampleVerifiesWithTheJavaLibraryToo() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        ScriptedReceiver receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
        Map<String, String> sent = new HashMap<>();
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
            String endpoint = posthorn.json(
                            "POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url("/java") + "\"}")
                    .getString("id");
            String secret = posthorn.json("GET", "/app/" + app + "/endpoint/" + endpoint + "/secret", "")
                    .getString("key");

            // When
            for (String payload : examples()) {
                String body = "{\"eventType\":\"example\",\"payload\":" + payload + "}";
                sent.put(posthorn.json("POST", "/app/" + app + "/msg", body).getString("id"), payload);
            }
            await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                    .until(() -> receiver.received().size() >= sent.size());

            // Then
            Webhook webhook = new Webhook(secret);
            for (ReceivedRequest request : receiver.received()) {
                assertThat(request.body().toString()).isEqualTo(sent.get(request.header("webhook-id")));
                webhook.verify(request.body().toString(), headers(request));
            }
        }
        assertThat(sent).hasSizeGreaterThan(300);
        Futures.resultOf(vertx.close());
    }

    /** Every example of every event of the package, as JSON text. */
    private static List<String> examples() throws IOException {
        List<String> payloads = new ArrayList<>();
        Path root = WORK.resolve(Path.of("node_modules", "@octokit", "webhooks-examples"));
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(one -> one.endsWith("index.json")).toList()) {
                for (Object event : new JsonArray(Files.readString(file))) {
                    for (Object example : ((JsonObject) event).getJsonArray("examples")) {
                        payloads.add(((JsonObject) example).encodePrettily());
                    }
                }
            }
        }
        return payloads;
    }

    private static HttpHeaders headers(ReceivedRequest request) {
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(request.header("webhook-id")),
                        "webhook-timestamp", List.of(request.header("webhook-timestamp")),
                        "webhook-signature", List.of(request.header("webhook-signature"))),
                (name, value) -> true);
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        return runAt(WORK, environment, command);
    }

    /** Runs a program to its end, which must be a success; answers what it printed. */
    private static String runAt(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path log = directory.resolve(command[0] + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        assertThat(ended).as("the end of %s; output: %s", command[0], output).isTrue();
        assertThat(process.exitValue())
                .as("exit code of %s; output: %s", String.join(" ", command), output)
                .isZero();
        return output;
    }
}
