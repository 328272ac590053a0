package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.Main;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmarks at a tiny scale: that each kind of case still measures something. Its figures mean nothing. */
class BenchST {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({"deliver, disk, share of bare", "latency, memory, p50 by bare", "fanout, redis, share of bare"})
    void measuresAndCompares(String name, String engine, String figure) throws Exception {
        // Given
        Path json = directory.resolve("results.json");

        // When
        int code = bench("0.001", "--case", name, "--engine", engine, "--json", json.toString());

        // Then
        assertThat(code).as("%s%s", out, err).isZero();
        JsonObject result = first(json);
        assertThat(result.getString("case")).isEqualTo(name);
        assertThat(result.getString("engine")).isEqualTo(engine);
        assertThat(median(result, figure)).isPositive();
        assertThat(median(result, "cpu of service")).isPositive();
        assertThat(out.toString()).contains(figure);

        // When: it is compared with itself
        out.getBuffer().setLength(0);
        int compared = bench("0.001", "--compare", json.toString(), json.toString());

        // Then
        assertThat(compared).isZero();
        assertThat(out.toString().lines().filter(line -> line.contains(figure)).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("1.00", "within spread"));
    }

    @Test
    void measuresFreshEventsBesideABacklog() throws Exception {
        // Given: more than is delivered while they are sent
        Path json = directory.resolve("results.json");

        // When
        int code = bench("0.2", "--case", "recovery", "--engine", "disk", "--json", json.toString());

        // Then
        assertThat(code).as("%s%s", out, err).isZero();
        JsonObject result = first(json);
        assertThat(median(result, "p50 by none waiting")).isPositive();
        assertThat(median(result, "drained meanwhile")).isPositive();
        assertThat(median(result, "left at the last fresh one")).isPositive();
    }

    @Test
    void doesNotMeasureFreshEventsBesideABacklogThatIsGone() {
        // When
        int code = bench("0.001", "--case", "recovery", "--engine", "memory");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED: the backlog was gone before the last of");
    }

    private static JsonObject first(Path json) throws Exception {
        return new JsonObject(Files.readString(json)).getJsonArray("results").getJsonObject(0);
    }

    private int bench(String scale, String... arguments) {
        List<String> tiny = List.of(
                "--command=" + System.getProperty("posthorn.jar", "../app/target/posthorn.jar"),
                "--rounds=1",
                "--window=0.3",
                "--warm-up=0.3",
                "--scale=" + scale,
                "--connections=4",
                "--in-flight=8");
        return Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Stream.concat(tiny.stream(), Stream.of(arguments)).toArray(String[]::new));
    }

    private static double median(JsonObject result, String figure) {
        return result.getJsonArray("figures").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("name").equals(figure))
                .mapToDouble(one -> one.getDouble("median"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no figure " + figure + " in " + result));
    }
}
