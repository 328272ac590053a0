package io.posthorn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--case nonsense | deliver-1000",
                "--all --case deliver | exclude each other",
                "--case versus | versus needs --against",
                "--against absent.jar | --against: absent.jar is no file",
                "--engine tape | redis-always",
                "--rounds 0 | --rounds: 0",
                "--window 0 | --window: 0.0",
                "--warm-up -1 | --warm-up: -1.0",
                "--scale 0 | --scale: 0.0",
                "--payload 10 | --payload: 10",
                "--connections 0 | --connections: 0",
                "--connections 20 --in-flight 10 | --in-flight: 10",
                "--command nowhere | nowhere is no file",
                "--set nonsense | nonsense",
                "--compare one | --compare",
                "--unknown | --unknown"
            })
    void saysWhatIsWrongWithTheCommandLine(String line, String message) {
        // When
        int code = run(line.split(" "));

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void theHelpNamesTheOptions() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--case", "--engine", "--compare", "--json", "--scale", "5 %", "10 %");
    }

    @Test
    void listsTheCases() {
        assertThat(run("--case", "list")).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" ")[0]))
                .contains(
                        "deliver",
                        "deliver-1000",
                        "fanout",
                        "profile",
                        "accept",
                        "latency",
                        "backlog",
                        "endpoints",
                        "isolation",
                        "isolation-flooded",
                        "recovery",
                        "large",
                        "restart",
                        "idle",
                        "start",
                        "overload",
                        "scale",
                        "bus");
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
