package io.posthorn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableReportTest {
    @Test
    void showsMedianRangeAndWhatWasAskedFor() {
        // Given
        Figure share = Figure.of("share of bare", "", Better.HIGHER, List.of(0.39, 0.41, 0.42))
                .goal(0.4);
        Figure latency = Figure.of("p99", "x", Better.LOWER, List.of(7.0)).goal(6);
        Result result = new Result("deliver", Store.DISK, "-Xmx1g", List.of(share, latency), List.of("a note"), true);
        StringWriter text = new StringWriter();

        // When
        new TableReport(new PrintWriter(text, true)).print(List.of(result));

        // Then
        assertThat(text.toString().lines().filter(line -> line.contains("share of bare")))
                .singleElement()
                .asString()
                .containsSubsequence("deliver", "disk", "0.410", "0.390 - 0.420", "at least 0.400: reached");
        assertThat(text.toString().lines().filter(line -> line.contains("p99")))
                .singleElement()
                .asString()
                .containsSubsequence("7.00", "at most 6.00: NOT reached");
        assertThat(text.toString()).contains("flushed to disk", "-Xmx1g", "a note", "DISTURBED");
    }

    @Test
    void numbersHaveThreeDigitsThatMatter() {
        assertThat(List.of(0.1234, 1.234, 12.34, 1234.4, 0.0).stream().map(TableReport::number))
                .containsExactly("0.123", "1.23", "12.3", "1234", "0.000");
    }
}
