package io.posthorn.benchmarks.cases;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;

/** A hundred thousand endpoints: a hundred applications with an endpoint for each of a thousand event types. */
final class ManyEndpoints {
    private static final int APPLICATIONS = 100;
    private static final int TYPES = 1_000;

    private ManyEndpoints() {}

    @CanIgnoreReturnValue // who sends nothing needs only that they are there
    static Applications create(Stage stage, Service service) throws Exception {
        int applications = stage.plan().scaled(APPLICATIONS);
        stage.step("making " + applications * TYPES + " endpoints");
        Applications made = Applications.create(stage, service, applications, TYPES);
        made.endpoints(1, "ok");
        stage.step("made");
        return made;
    }
}
