package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void wrongCommandLinesEndItWith2AndNameTheOption() {
        assertThat(run("migrate")).isEqualTo(2);
        assertThat(run("migrate", "--from", "memory", "--to", "disk:" + directory.resolve("b")))
                .isEqualTo(2);
        assertThat(run("migrate", "--from", "disk:" + directory, "--to", "memory:x"))
                .isEqualTo(2);
        assertThat(run("migrate", "--from", "tape:/dev/st0", "--to", "disk:" + directory.resolve("b")))
                .isEqualTo(2);
        assertThat(run("migrate", "--from", "disk:" + directory, "--to", "disk:" + directory))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("--from=STORE", "--from: memory", "--to: memory:x", "--from: tape:/dev/st0", "another store");
        assertThat(Files.exists(directory.resolve("b"))).isFalse();
    }

    @Test
    void aSourceThatIsNotThereIsNotMade() {
        // When
        int code = run("migrate", "--from", "disk:" + directory.resolve("a"), "--to", "disk:" + directory.resolve("b"));

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("there is no store at " + directory.resolve("a"));
        assertThat(Files.exists(directory.resolve("a"))).isFalse();
        assertThat(Files.exists(directory.resolve("b"))).isFalse();
    }

    private int run(String... arguments) {
        return Main.run(
                new Surroundings(Map.of(), Map.of(), new PrintWriter(out, true), new PrintWriter(err, true)),
                arguments);
    }
}
