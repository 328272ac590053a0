package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter out = new StringWriter();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void writesOneWholeLineInFiveSecondsWhereNobodyWatches() {
        // Given
        ProgressLine progress = line(false);

        // When
        progress.show("items moved", 1_000, 4_000);
        pass(Duration.ofMillis(4_900));
        progress.show("items moved", 2_000, 4_000);
        pass(Duration.ofMillis(200));
        progress.show("items moved", 3_000, 4_000);
        pass(Duration.ofSeconds(5));
        progress.show("items moved", 3_999, 4_000);
        progress.clear();

        // Then
        assertThat(out.toString().lines())
                .containsExactly("3,000 of about 4,000 items moved (75 %)", "3,999 of about 4,000 items moved (99 %)");
    }

    @Test
    void writesOverItsLineOnATerminal() {
        // Given
        ProgressLine progress = line(true);

        // When
        progress.show("items moved", 1_000, 2_000);
        pass(Duration.ofMillis(150));
        progress.show("records looked at", 5, 0);
        progress.clear();

        // Then
        String text = out.toString();
        assertThat(text).doesNotContain("\n");
        assertThat(text.split("\r", -1))
                .satisfies(drawn -> assertThat(drawn[1])
                        .isEqualTo("[###############---------------] 1,000 of about 2,000 items moved (50 %)"))
                .satisfies(drawn -> assertThat(drawn[2]).startsWith("5 records looked at   "))
                .satisfies(drawn -> assertThat(drawn[2]).hasSameSizeAs(drawn[1]))
                .satisfies(drawn -> assertThat(drawn[3]).isBlank());
    }

    @Test
    void neverShowsMoreThanAWhole() {
        // Given
        ProgressLine progress = line(true);

        // When
        progress.show("items moved", 3_000, 2_000);

        // Then
        assertThat(out.toString()).contains("(100 %)").contains("[" + "#".repeat(30) + "]");
    }

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(out), terminal, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
