package io.posthorn.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The official JSON Schema Test Suite as a referee. It comes in the Debian package of a Perl module, which is fetched and
 * unpacked but not installed: the npm packages json-schema-test-suite and json-schema-org/tests hold no tests of these
 * drafts.
 */
class JsonSchemaSuiteIT {
    private static final String PACKAGE = "libtest-json-schema-acceptance-perl";
    private static final Path WORK = Path.of("target", "json-schema-suite");
    private static final long PATIENCE_SECONDS = 280;
    private static final String PAYLOAD_PLACE = "payload";
    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonTrees trees = new JsonTrees(100);

    @BeforeAll
    static void download() throws Exception {
        assumeTrue(isOnPath("apt-get") && isOnPath("dpkg-deb"), "skipped: no apt-get and dpkg-deb on the PATH");
        Files.createDirectories(WORK);
        if (!Files.isDirectory(suite())) {
            run("apt-get", "download", "-qq", PACKAGE);
            try (Stream<Path> fetched = Files.list(WORK)) {
                Path archive = fetched.filter(file -> file.toString().endsWith(".deb"))
                        .findFirst()
                        .orElseThrow();
                run("dpkg-deb", "-x", archive.getFileName().toString(), ".");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "draft7, http://json-schema.org/draft-07/schema#",
        "draft2020-12, https://json-schema.org/draft/2020-12/schema"
    })
    void agreesWithEveryMandatoryTestThatIsNotListed(String draft, String uri) throws IOException {
        // Given
        List<String> listed =
                Files.readAllLines(Path.of("src", "test", "resources", "json-schema-suite", draft + ".txt"));
        List<String> differing = new ArrayList<>();
        int tests = 0;

        // When
        try (Stream<Path> files = Files.list(suite().resolve(Path.of("tests", draft)))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                for (JsonNode group : mapper.readTree(file.toFile())) {
                    tests += group.get("tests").size();
                    judge(file.getFileName() + ": " + group.get("description").textValue(), uri, group, differing);
                }
            }
        }

        // Then
        System.out.println(draft + ": " + tests + " tests, " + differing.size() + " lines differ");
        assertThat(differing).containsExactlyInAnyOrderElementsOf(listed);
        assertThat(tests).isGreaterThan(850);
    }

    /** Adds a line for a schema that is refused, or for each test of it that comes out otherwise. */
    private void judge(String name, String uri, JsonNode group, List<String> differing) throws IOException {
        JsonNode given = group.get("schema");
        if (given instanceof ObjectNode object && !object.has("$schema")) {
            object.put("$schema", uri);
        }
        EventSchema schema;
        try {
            schema = EventSchema.compile(trees.read(mapper.writeValueAsBytes(given)), List.of("schema"));
        } catch (EventSchema.Unusable e) {
            differing.add(name + " | the schema is refused");
            return;
        }
        for (JsonNode test : group.get("tests")) {
            JsonNode value = trees.read(mapper.writeValueAsBytes(test.get("data")));
            boolean isValid = schema.check(
                            value, List.of(PAYLOAD_PLACE), new Budget(Budget.STEPS, Duration.ofSeconds(10)))
                    .isEmpty();
            if (isValid != test.get("valid").booleanValue()) {
                differing.add(
                        name + ": " + test.get("description").textValue() + " | " + (isValid ? "accepted" : "refused"));
            }
        }
    }

    private static Path suite() {
        return WORK.resolve(Path.of("usr", "share", "perl5", "auto", "share", "dist", "Test-JSON-Schema-Acceptance"));
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Path log = WORK.resolve("download.log");
        Process process = new ProcessBuilder(command)
                .directory(WORK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended && process.exitValue() == 0)
                .as(
                        "success of %s; output: %s",
                        String.join(" ", command), Files.readString(log, StandardCharsets.UTF_8))
                .isTrue();
    }
}
