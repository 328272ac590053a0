package io.posthorn.chaos;

import io.posthorn.chaos.run.Plan;
import io.posthorn.chaos.run.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The results for programs. */
final class JsonReport {
    private JsonReport() {}

    static void write(Path file, Plan plan, List<Result> results) throws IOException {
        JsonObject report = new JsonObject()
                .put("seed", plan.seed())
                .put("rate", plan.rate())
                .put("durationMillis", plan.duration().toMillis())
                .put("outageMillis", plan.outage().toMillis())
                .put("passed", results.stream().allMatch(Result::passed))
                .put(
                        "results",
                        new JsonArray(results.stream().map(JsonReport::of).toList()));
        Path unused = Files.writeString(file, report.encodePrettily() + "\n");
    }

    private static JsonObject of(Result result) {
        JsonObject refused = new JsonObject();
        result.refused().forEach((status, count) -> refused.put(Integer.toString(status), count));
        JsonObject json = new JsonObject()
                .put("fault", result.fault())
                .put("engine", result.engine().lowerCase())
                .put("mustHold", result.mustHold())
                .put("verdict", result.ran() ? result.passed() ? "passed" : "failed" : "skipped");
        if (!result.ran()) {
            return json.put("skipped", result.skipped());
        }
        return json.put("accepted", result.accepted())
                .put("promisedPairs", result.promised())
                .put("deliveredPairs", result.delivered())
                .put("lostPairs", result.lost())
                .put("repeated", result.repeated())
                .put("allowedRepeats", result.allowed())
                .put("refused", refused)
                .put("unanswered", result.unanswered())
                .put(
                        "recoveryMillis",
                        new JsonArray(result.recoveries().stream()
                                .map(Duration::toMillis)
                                .toList()))
                .put("broken", new JsonArray(result.broken()))
                .put("remarks", new JsonArray(result.remarks()));
    }
}
