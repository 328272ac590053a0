package io.posthorn.benchmarks.run;

import java.util.List;

/**
 * What a case gave.
 *
 * @param name of the case
 * @param store the engine
 * @param javaOptions that the program under test ran with
 * @param figures in the order in which they are shown
 * @param notes what else is to be said, such as dropped rounds
 * @param disturbed whether others took more than a tenth of a core during it
 */
public record Result(
        String name, Store store, String javaOptions, List<Figure> figures, List<String> notes, boolean disturbed) {
    public Result {
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }
}
