package io.posthorn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.StageCost;
import io.posthorn.benchmarks.run.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableReportTest {
    @Test
    void showsMedianRangeAndWhatWasAskedFor() {
        // Given
        Figure share = Figure.of("share of bare", "", Better.HIGHER, List.of(0.39, 0.41, 0.42))
                .goal(0.4);
        Figure latency = Figure.of("p99", "x", Better.LOWER, List.of(7.0)).goal(6);
        Result result = new Result(
                "deliver", Store.DISK, "-Xmx1g", List.of(share, latency), List.of(), List.of("a note"), true);
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
    void showsStagesWithTheirSharesOfTheSum() {
        // Given
        StageCost sign = StageCost.of("service", "sign", List.of(3.0, 2.0, 4.0), Optional.of(List.of(1.0)));
        StageCost rest = StageCost.of("service", "unattributed", List.of(1.0), Optional.of(List.of(3.0)));
        StageCost script = StageCost.of("redis", "scripts", List.of(20.0), Optional.empty());
        Result result =
                new Result("profile", Store.REDIS, "", List.of(), List.of(sign, rest, script), List.of(), false);
        StringWriter text = new StringWriter();

        // When
        new TableReport(new PrintWriter(text, true)).print(List.of(result));

        // Then
        assertThat(line(text, "sign")).containsSubsequence("service", "3.00", "75.0 %", "1.00", "25.0 %");
        assertThat(line(text, "unattributed")).containsSubsequence("1.00", "25.0 %", "3.00", "75.0 %");
        assertThat(line(text, "service    sum")).containsSubsequence("4.00", "100.0 %", "4.00");
        assertThat(line(text, "scripts")).containsSubsequence("redis", "20.00", "100.0 %");
    }

    private static String line(StringWriter text, String part) {
        return text.toString()
                .lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void numbersHaveThreeDigitsThatMatter() {
        assertThat(List.of(0.1234, 1.234, 12.34, 1234.4, 0.0).stream().map(TableReport::number))
                .containsExactly("0.123", "1.23", "12.3", "1234", "0.000");
    }
}
