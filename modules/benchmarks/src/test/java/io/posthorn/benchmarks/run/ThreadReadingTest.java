package io.posthorn.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadReadingTest {
    private static final String REST = " S 1 2 2 0 -1 4194304 5 6 7 8 150 30 0 0 20 0 31 0 100 200";

    @Test
    void readsNameAndTimesOfALine() {
        assertThat(ThreadReading.parse("4711 (C2 CompilerThre)" + REST, "1800000000 25000000 77\n"))
                .isEqualTo(new ThreadCpu(4711, "C2 CompilerThre", 1_500_000, 300_000, 25_000));
    }

    @Test
    void aNameMayHoldBlanksAndParentheses() {
        assertThat(ThreadReading.parse("12 (a) b (c)" + REST, ""))
                .isEqualTo(new ThreadCpu(12, "a) b (c", 1_500_000, 300_000, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12 name S 1 2", "12 (name) S 1 2 3"})
    void saysWhatIsWrongWithALine(String line) {
        assertThatThrownBy(() -> ThreadReading.parse(line, "")).hasMessageContaining("stat: \"" + line + "\"");
    }

    @Test
    void differencesAreByThreadAndWhatEndedIsOneEntry() {
        // Given: a thread that goes on, one that begins and one that ends, which used 40 more
        ThreadReading before = new ThreadReading(
                Map.of(1L, new ThreadCpu(1, "on", 100, 50, 5), 2L, new ThreadCpu(2, "over", 10, 0, 0)), 160);
        ThreadReading after = new ThreadReading(
                Map.of(1L, new ThreadCpu(1, "on", 300, 60, 7), 3L, new ThreadCpu(3, "new", 20, 1, 0)), 160 + 271);

        // When
        List<ThreadCpu> used = after.since(before);

        // Then
        assertThat(used)
                .containsExactlyInAnyOrder(
                        new ThreadCpu(1, "on", 200, 10, 2),
                        new ThreadCpu(3, "new", 20, 1, 0),
                        new ThreadCpu(0, "ended threads", 40, 0, 0));
    }

    @Test
    void readsThisProcess() throws Exception {
        ThreadReading reading = ThreadReading.of(ProcessHandle.current().pid());

        assertThat(reading.threads()).containsKey(ProcessHandle.current().pid());
        assertThat(reading.micros()).isPositive();
    }
}
