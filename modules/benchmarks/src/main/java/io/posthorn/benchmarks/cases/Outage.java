package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import io.posthorn.testkit.process.RunFailed;
import java.time.Duration;

/**
 * The time in which an endpoint is not sent to, because its circuit is open by hand, and what it leaves.
 *
 * @param application whose only endpoint it is
 * @param endpoint its path below {@code /api/v1}
 */
record Outage(Stage stage, Service service, Applications application, String endpoint) {
    private static final Duration STILL = Duration.ofSeconds(30);
    private static final Duration DRAINED = Duration.ofMinutes(2);

    /** Begins, and leaves so many deliveries waiting for the endpoint. */
    void leaves(int count) throws Exception {
        service.node().json("POST", endpoint + "/circuit/open", null);
        application.fill(count);
        Patience.require(STILL, count + " deliveries to wait for the circuit", () -> {
            Books books = service.books();
            return books.waiting() == count && books.inFlight() == 0;
        });
    }

    /** The endpoint is sent to again; for the receivers, what waits for it is old from now on. */
    void ends() throws Exception {
        stage.countOnlyFresh();
        service.node().json("POST", endpoint + "/circuit/reset", null);
    }

    /** Waits until nothing is left; fails where some does not go, or did not come. */
    void requireDrained(int count) throws Exception {
        Duration took = Patience.require(DRAINED, "the backlog of " + count + " to drain", () -> {
            Books books = service.books();
            return books.balance() && books.isDrained();
        });
        long came = stage.oldReceived();
        requireAll(count, came);
        stage.step("drained   " + took.toMillis() + " ms after the last fresh one; came twice: " + (came - count));
    }

    static void requireAll(long waited, long came) {
        if (came < waited) {
            throw new RunFailed("of " + waited + " deliveries that waited only " + came + " came");
        }
    }
}
