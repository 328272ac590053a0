package io.posthorn.benchmarks.run;

import java.util.List;

/**
 * What a case gave.
 *
 * @param name of the case
 * @param store the engine
 * @param javaOptions that the program under test ran with
 * @param figures in the order in which they are shown
 * @param stages where the time and the memory of a delivery go; empty for a case that does not look
 * @param notes what else is to be said, such as dropped rounds
 * @param disturbed whether others took more than a tenth of a core during it
 */
public record Result(
        String name,
        Store store,
        String javaOptions,
        List<Figure> figures,
        List<StageCost> stages,
        List<String> notes,
        boolean disturbed) {
    public Result {
        figures = List.copyOf(figures);
        stages = List.copyOf(stages);
        notes = List.copyOf(notes);
    }
}
