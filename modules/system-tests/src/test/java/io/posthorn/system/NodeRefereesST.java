package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official packages for Node.js, unmodified, as referees: see {@code src/test/npm/referees.mjs}. */
class NodeRefereesST {
    private static final Path SOURCES = Path.of("src", "test", "npm");
    private static final Path WORK = Path.of("target", "npm");
    private static final long PATIENCE_SECONDS = 600;

    @TempDir
    Path data;

    @Test
    void refereesFindNoMismatch() throws Exception {
        // Given
        assumeTrue(isOnPath("node"), "skipped: no node on the PATH");
        assumeTrue(isOnPath("npm"), "skipped: no npm on the PATH");
        Files.createDirectories(WORK);
        for (String name : List.of("package.json", "package-lock.json", "referees.mjs")) {
            Files.copy(SOURCES.resolve(name), WORK.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");

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

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs a program to its end, which must be a success; answers what it printed. */
    private static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path log = WORK.resolve(command[0] + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(WORK.toFile())
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
