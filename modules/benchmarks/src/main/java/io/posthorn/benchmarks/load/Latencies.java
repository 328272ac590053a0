package io.posthorn.benchmarks.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** Latencies in nanoseconds, of one writing thread, read by others. */
final class Latencies {
    private static final long HIGHEST = 120_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(HIGHEST, DIGITS);

    /** An empty sum. */
    static Histogram sum() {
        return new Histogram(HIGHEST, DIGITS);
    }

    void record(long nanos) {
        recorder.recordValue(Math.max(0, Math.min(HIGHEST, nanos)));
    }

    /** Adds what came since it was last asked, and forgets it. */
    void drainInto(Histogram sum) {
        sum.add(recorder.getIntervalHistogram());
    }

    static JsonObject json(Histogram sum) {
        return new JsonObject()
                .put("count", sum.getTotalCount())
                .put("p50", sum.getValueAtPercentile(50))
                .put("p99", sum.getValueAtPercentile(99))
                .put("p999", sum.getValueAtPercentile(99.9))
                .put("max", sum.getMaxValue());
    }
}
