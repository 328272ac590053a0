package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;

/** What stands beside the healthy endpoints of {@link Isolation}. Of a hundred endpoints of an application the last ones are bad. */
enum BadEndpoints {
    /** Ten never answer, and ten always answer 500. */
    HANGING_AND_FAILING(80, "of 100 endpoints, 10 never answered and 10 answered 500") {
        @Override
        void make(Stage stage, Service service, Applications application) throws Exception {
            for (int type = healthy(); type < ALL; type++) {
                application.endpoint(type, type < healthy() + 10 ? "hang" : "fail");
            }
        }
    },
    /** One gets much more than its limit lets through, and for one of another application a million wait. */
    FLOODED(99, "one of 100 endpoints was limited to 5 a second, and for one of another application a million waited") {
        @Override
        void make(Stage stage, Service service, Applications application) throws Exception {
            application.limitedEndpoint(healthy(), "warm", 5);
            Applications other = Applications.create(stage, service, 1, 1);
            other.limitedEndpoint(0, "warm", 1);
            int wanted = stage.plan().scaled(MILLION);
            stage.step("filling: " + wanted + " deliveries that wait for one endpoint");
            other.fill(wanted);
        }
    };

    static final int ALL = 100;
    private static final int MILLION = 1_000_000;

    private final int healthy;
    private final String note;

    BadEndpoints(int healthy, String note) {
        this.healthy = healthy;
        this.note = note;
    }

    /** How many endpoints are healthy, beginning with the first. */
    int healthy() {
        return healthy;
    }

    /** What they are, for the report. */
    String note() {
        return note;
    }

    /** Makes them, for the event types that healthy ones do not want. */
    abstract void make(Stage stage, Service service, Applications application) throws Exception;
}
