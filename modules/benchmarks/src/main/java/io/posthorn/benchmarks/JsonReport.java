package io.posthorn.benchmarks;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Statistics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The results for programs. */
final class JsonReport {
    private JsonReport() {}

    static void write(Path file, Map<String, String> setup, List<Result> results) throws IOException {
        JsonObject described = new JsonObject();
        setup.forEach(described::put);
        JsonObject report = new JsonObject()
                .put("setup", described)
                .put(
                        "results",
                        new JsonArray(results.stream().map(JsonReport::of).toList()));
        Path unused = Files.writeString(file, report.encodePrettily() + "\n");
    }

    private static JsonObject of(Result result) {
        return new JsonObject()
                .put("case", result.name())
                .put("engine", result.store().label())
                .put("flush", result.store().flush())
                .put("javaOptions", result.javaOptions())
                .put("disturbed", result.disturbed())
                .put("notes", new JsonArray(result.notes()))
                .put(
                        "figures",
                        new JsonArray(Stream.concat(result.figures().stream(), stageFigures(result))
                                .map(JsonReport::of)
                                .toList()));
    }

    /** Beside the others, so that two files can be compared by them too. */
    private static Stream<Figure> stageFigures(Result result) {
        return result.stages().stream()
                .flatMap(cost -> Stream.concat(Stream.of(cost.cpu()), cost.allocated().stream()));
    }

    private static JsonObject of(Figure figure) {
        JsonObject json = new JsonObject()
                .put("name", figure.name())
                .put("unit", figure.unit())
                .put("better", figure.better().name().toLowerCase(java.util.Locale.ROOT))
                .put("median", figure.median())
                .put("min", Statistics.smallest(figure.values()))
                .put("max", Statistics.largest(figure.values()))
                .put("values", new JsonArray(figure.values()));
        figure.goal()
                .ifPresent(goal ->
                        json.put("goal", goal).put("reached", figure.reached().orElse(false)));
        return json;
    }
}
