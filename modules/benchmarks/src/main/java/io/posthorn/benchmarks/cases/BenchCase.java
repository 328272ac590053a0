package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Result;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Store;

/** Something that is measured, by name. */
public interface BenchCase {
    /** As on the command line. */
    String name();

    /** What is measured, in a line. */
    String what();

    /** Whether it belongs to a run that names no cases. */
    boolean isShort();

    /** Whether it can only be measured where {@code --against} names another build. */
    default boolean needsAnotherBuild() {
        return false;
    }

    /** Whether it can be measured with that engine. */
    default boolean runsOn(Store store) {
        return true;
    }

    /** Measures it. */
    Result run(Stage stage) throws Exception;
}
