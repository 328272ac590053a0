package io.posthorn.benchmarks.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the cases are to be run.
 *
 * @param command what runs the program under test, up to its arguments
 * @param against what runs another build of it, to be measured in turns with it; empty when there is none
 * @param work where data and logs of the runs go
 * @param store the engine
 * @param rounds how many rounds must agree
 * @param windowMillis how long load is sent in one measurement
 * @param warmUpMillis how long load is sent before the first
 * @param scale what all sizes (waiting deliveries, endpoints) are multiplied with
 * @param payloadBytes of an event
 * @param connections over which requests go
 * @param inFlight requests that are kept in flight; what exceeds the connections waits for one
 * @param loops event loops of the generator
 * @param idempotencyKeys whether each request has one
 * @param settings of the program under test; they win over the benchmark's own
 */
public record Plan(
        List<String> command,
        List<String> against,
        Path work,
        Store store,
        int rounds,
        long windowMillis,
        long warmUpMillis,
        double scale,
        int payloadBytes,
        int connections,
        int inFlight,
        int loops,
        boolean idempotencyKeys,
        Map<String, String> settings) {
    public Plan {
        command = List.copyOf(command);
        against = List.copyOf(against);
        settings = Map.copyOf(settings);
    }

    /** A size at this scale, at least one. */
    public int scaled(int size) {
        return (int) Math.max(1, Math.round(size * scale));
    }
}
