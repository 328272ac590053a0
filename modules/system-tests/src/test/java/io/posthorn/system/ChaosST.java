package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.chaos.fault.Faults;
import io.posthorn.chaos.run.Engine;
import io.posthorn.chaos.run.Fault;
import io.posthorn.chaos.run.Plan;
import io.posthorn.chaos.run.Progress;
import io.posthorn.chaos.run.Result;
import io.posthorn.chaos.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A short form of the fault suite; {@code scripts/chaos} runs all of it. */
class ChaosST {
    private static final long SEED = 20_260_101;

    @TempDir
    Path work;

    /** Longer than a call to Redis is repeated, so that an outage is seen. */
    private static final Duration OUTAGE = Duration.ofSeconds(8);

    private final List<String> steps = new ArrayList<>();

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "kill9, DISK, 2",
        "two-processes, DISK, 1",
        "endpoint-changes, DISK, 1",
        "redis-kill, REDIS, 1",
        "redis-cut, REDIS, 1",
        "redis-scripts, REDIS, 1"
    })
    void nothingThatWasAcceptedIsLost(String name, Engine engine, int rounds) throws Exception {
        // Given
        Fault fault = Faults.all().get(name);
        Plan plan = new Plan(
                Path.of(System.getProperty("posthorn.jar", "../app/target/posthorn.jar"))
                        .toAbsolutePath(),
                work,
                rounds,
                Duration.ofSeconds(1),
                100,
                OUTAGE,
                SEED,
                List.of(),
                Map.of());
        Progress progress = (scene, what) -> steps.add(what);

        // When
        Result result = new Run(fault, engine, plan, progress).execute();

        // Then
        assertThat(result.skipped()).isEmpty();
        assertThat(result.broken()).as("%s", steps).isEmpty();
        assertThat(result.lost()).isZero();
        assertThat(result.accepted()).isPositive();
    }
}
