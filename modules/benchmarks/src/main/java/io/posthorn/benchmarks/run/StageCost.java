package io.posthorn.benchmarks.run;

import java.util.List;
import java.util.Optional;

/**
 * What one stage of a delivery's way costs.
 *
 * @param process whose time it is
 * @param stage what is done
 * @param cpu microseconds a delivery
 * @param allocated KiB a delivery; empty for a process whose memory is not counted
 */
public record StageCost(String process, String stage, Figure cpu, Optional<Figure> allocated) {
    /** One with a value a round. */
    public static StageCost of(String process, String stage, List<Double> micros, Optional<List<Double>> kib) {
        return new StageCost(
                process,
                stage,
                Figure.of(process + ", " + stage + ": cpu", "us each", Figure.Better.NEITHER, micros),
                kib.map(values ->
                        Figure.of(process + ", " + stage + ": allocated", "KiB each", Figure.Better.NEITHER, values)));
    }
}
