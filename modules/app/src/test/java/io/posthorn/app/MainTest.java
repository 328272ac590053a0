package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void badSettingsEndItWith78AndNameEveryProblem() {
        // When
        int code = run(Map.of("WEBHOOK_HTTP_PROT", "1", "WEBHOOK_DEFAULT_TIMEOUT", "-5s"), "serve");

        // Then
        assertThat(code).isEqualTo(78);
        assertThat(err.toString()).contains("did you mean WEBHOOK_HTTP_PORT?", "WEBHOOK_DEFAULT_TIMEOUT");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownCommandEndsItWith2AndShowsTheUsage() {
        // When
        int code = run(Map.of(), "quux");

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("quux", "Usage: posthorn");
    }

    @Test
    void noCommandEndsItWith2AndShowsTheUsage() {
        // When
        int code = run(Map.of());

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(out.toString()).contains("Usage: posthorn");
    }

    @Test
    void aDataDirectoryThatCannotBeUsedEndsItWith1InOneLine() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "");

        // When
        int code = run(Map.of("WEBHOOK_DATA_DIR", file.toString()), "token");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString().strip().lines()).hasSize(1).first().asString().startsWith("posthorn: ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tokenPrintsATokenAndNothingElse() {
        // When
        int code = run(Map.of("WEBHOOK_DATA_DIR", directory.resolve("data").toString()), "token");

        // Then
        assertThat(code).isZero();
        assertThat(out.toString().strip()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void tokenRefusesAUidWhereAnIdIsNeeded() {
        // When
        int code = run(Map.of("WEBHOOK_DATA_DIR", directory.toString()), "token", "--app", "example");

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("--app: example");
        assertThat(out.toString()).isEmpty();
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.run(
                new Surroundings(environment, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true)),
                arguments);
    }
}
