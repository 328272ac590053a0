package io.posthorn.chaos.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a fault is to be run.
 *
 * @param jar the packaged program
 * @param work where the data of the runs lives; emptied by the caller
 * @param rounds how often the fault strikes; null: as often as the fault itself says
 * @param duration the load before the first strike, after the last, and at most between two
 * @param rate events a second
 * @param outage how long what can be away stays away
 * @param seed of every random choice
 * @param javaOptions for the process under test
 * @param settings for the process under test; they win over those of the run
 */
public record Plan(
        Path jar,
        Path work,
        @Nullable Integer rounds,
        Duration duration,
        int rate,
        Duration outage,
        long seed,
        List<String> javaOptions,
        Map<String, String> settings) {
    public Plan {
        javaOptions = List.copyOf(javaOptions);
        settings = Map.copyOf(settings);
    }
}
