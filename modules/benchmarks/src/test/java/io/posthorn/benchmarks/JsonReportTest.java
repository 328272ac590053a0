package io.posthorn.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.StageCost;
import io.posthorn.benchmarks.run.Store;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonReportTest {
    @Test
    void stagesAreFiguresToo(@TempDir Path directory) throws Exception {
        // Given
        Path file = directory.resolve("new.json");
        Figure delivered = Figure.of("delivered", "/s", Figure.Better.NEITHER, List.of(7.0));
        StageCost sign = StageCost.of("service", "sign", List.of(3.0), Optional.of(List.of(1.0)));
        StageCost script = StageCost.of("redis", "scripts", List.of(20.0), Optional.empty());

        // When
        JsonReport.write(
                file,
                Map.of(),
                List.of(new Result(
                        "profile", Store.REDIS, "", List.of(delivered), List.of(sign, script), List.of(), false)));

        // Then
        JsonObject result =
                new JsonObject(Files.readString(file)).getJsonArray("results").getJsonObject(0);
        assertThat(result.getJsonArray("figures").stream().map(figure -> ((JsonObject) figure).getString("name")))
                .containsExactly("delivered", "service, sign: cpu", "service, sign: allocated", "redis, scripts: cpu");
    }
}
