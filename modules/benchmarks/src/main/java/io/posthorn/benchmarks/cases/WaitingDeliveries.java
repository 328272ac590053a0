package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.run.Applications;
import io.posthorn.benchmarks.run.Figure;
import io.posthorn.benchmarks.run.Figure.Better;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.testkit.process.Books;
import io.posthorn.testkit.process.Patience;
import java.time.Duration;
import java.util.List;

/**
 * A million deliveries, one a message, that wait for a hundred endpoints of an application of their own; the endpoints
 * are parked: their receivers asked to be left alone for a day.
 *
 * @param count how many wait
 */
record WaitingDeliveries(long count) {
    private static final int MILLION = 1_000_000;
    private static final int ENDPOINTS = 100;
    private static final double MOST_HEAP_MIB = 512;
    private static final Duration PARKED = Duration.ofMinutes(1);

    /** Makes them wait; completes when nothing of them is in flight any more. */
    static WaitingDeliveries fill(Stage stage, Service service) throws Exception {
        int wanted = stage.plan().scaled(MILLION);
        long before = service.books().waiting();
        Applications parked = Applications.create(stage, service, 1, ENDPOINTS);
        parked.endpoints(1, "busy");
        stage.step("filling: " + wanted + " deliveries that wait");
        parked.fill(wanted);
        Patience.require(PARKED, "all of them to wait", () -> {
            Books books = service.books();
            return books.waiting() - before >= wanted && books.inFlight() == 0;
        });
        long waiting = service.books().waiting() - before;
        stage.step("filled: " + waiting + " wait");
        return new WaitingDeliveries(waiting);
    }

    Figure figure() {
        return Figure.of("waiting deliveries", "", Better.NEITHER, List.of((double) count));
    }

    /** The heap of the process that holds them. */
    Figure heap(Service service) throws Exception {
        return Figure.of("heap after gc", "MiB", Better.LOWER, List.of(service.heapMib()))
                .goal(MOST_HEAP_MIB);
    }
}
