package io.posthorn.benchmarks.cases;

import io.posthorn.benchmarks.load.LoadJob;
import io.posthorn.benchmarks.run.Service;
import io.posthorn.benchmarks.run.Stage;
import io.posthorn.benchmarks.run.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a program under test delivers when it is sent as much as it takes. */
final class Capacity {
    private static final int WINDOWS = 3;

    private Capacity() {}

    /** The median of a few windows, in deliveries a second. */
    static double of(Stage stage, Service service, LoadJob events, Stage.Expected expected) throws Exception {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            rates.add(stage.measure(service, events, expected).deliveredPerSecond());
        }
        double capacity = Statistics.median(rates);
        stage.step(String.format(Locale.ROOT, "capacity  %8.0f/s", capacity));
        return capacity;
    }
}
