package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Stage;
import java.util.OptionalDouble;

/**
 * What must be reached, by engine; empty where nothing is asked for.
 *
 * @param disk flushed before the 2xx
 * @param redis flushed every second
 */
record Goal(OptionalDouble disk, OptionalDouble redis) {
    static final Goal NONE = new Goal(OptionalDouble.empty(), OptionalDouble.empty());

    static Goal of(double disk, double redis) {
        return new Goal(OptionalDouble.of(disk), OptionalDouble.of(redis));
    }

    static Goal of(double both) {
        return of(both, both);
    }

    /** Puts it on a figure where the stage's engine has one. */
    Figure on(Figure figure, Stage stage) {
        OptionalDouble mine = switch (stage.plan().store()) {
            case DISK -> disk;
            case REDIS -> redis;
            case MEMORY, REDIS_ALWAYS -> OptionalDouble.empty();
        };
        return mine.isPresent() ? figure.goal(mine.getAsDouble()) : figure;
    }
}
