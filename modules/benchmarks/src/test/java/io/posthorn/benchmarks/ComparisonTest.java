package io.posthorn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.Comparison.Change;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Store;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    Path directory;

    @Test
    void printsTheRatioOfEachFigureThatBothHave() throws Exception {
        // Given
        Path first = write("first.json", share(0.2, 0.21), Figure.of("gone", "", Better.HIGHER, List.of(1.0)));
        Path second = write("second.json", share(0.3, 0.31), Figure.of("new", "", Better.HIGHER, List.of(1.0)));
        StringWriter text = new StringWriter();

        // When
        new Comparison(new PrintWriter(text, true)).print(first, second);

        // Then
        assertThat(text.toString().lines().filter(line -> line.startsWith("deliver")))
                .singleElement()
                .asString()
                .containsSubsequence("disk", "share", "0.205", "0.305", "1.49", "better");
        assertThat(text.toString())
                .contains("only in " + first + ": deliver disk gone", "only in " + second + ": deliver disk new");
    }

    @Test
    void higherIsBetterOrWorseAsTheFigureSays() {
        assertThat(Comparison.change(json(10, 11, "higher"), json(12, 13, "higher")))
                .isEqualTo(Change.BETTER);
        assertThat(Comparison.change(json(10, 11, "higher"), json(8, 9, "higher")))
                .isEqualTo(Change.WORSE);
        assertThat(Comparison.change(json(10, 11, "lower"), json(12, 13, "lower")))
                .isEqualTo(Change.WORSE);
        assertThat(Comparison.change(json(10, 11, "lower"), json(8, 9, "lower")))
                .isEqualTo(Change.BETTER);
        assertThat(Comparison.change(json(10, 11, "neither"), json(8, 9, "neither")))
                .isEqualTo(Change.DIFFERENT);
    }

    @Test
    void rangesThatOverlapProveNothing() {
        assertThat(Comparison.change(json(10, 12, "higher"), json(12, 14, "higher")))
                .isEqualTo(Change.WITHIN_SPREAD);
        assertThat(Comparison.change(json(10, 12, "lower"), json(9, 11, "lower")))
                .isEqualTo(Change.WITHIN_SPREAD);
    }

    private static Figure share(double... values) {
        return Figure.of(
                "share",
                "",
                Better.HIGHER,
                java.util.Arrays.stream(values).boxed().toList());
    }

    private static JsonObject json(double min, double max, String better) {
        return new JsonObject().put("min", min).put("max", max).put("better", better);
    }

    private Path write(String name, Figure... figures) throws Exception {
        Path file = directory.resolve(name);
        JsonReport.write(
                file,
                Map.of("machine", "one"),
                List.of(new Result("deliver", Store.DISK, "", List.of(figures), List.of(), List.of(), false)));
        return file;
    }
}
