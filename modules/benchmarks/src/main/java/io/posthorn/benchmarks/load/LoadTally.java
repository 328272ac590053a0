package io.posthorn.benchmarks.load;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What one event loop of the generator sent and was answered. One thread at a time. */
final class LoadTally {
    private final Latencies latencies = new Latencies();
    private final Map<Integer, Long> byStatus = new TreeMap<>();
    private long sent;
    private long unsent;
    private long first = Long.MAX_VALUE;
    private long last;

    void sent(long now) {
        sent++;
        if (sent == 1) {
            first = now;
        }
    }

    void answered(int status, long now, long latency) {
        byStatus.merge(status, 1L, Long::sum);
        last = now;
        latencies.record(latency);
    }

    /** What was due and never sent. */
    void unsent(long count) {
        unsent = count;
    }

    static JsonObject report(List<LoadTally> loops) {
        Histogram sum = Latencies.sum();
        Map<Integer, Long> all = new TreeMap<>();
        for (LoadTally one : loops) {
            one.latencies.drainInto(sum);
            one.byStatus.forEach((status, count) -> all.merge(status, count, Long::sum));
        }
        JsonObject statuses = new JsonObject();
        all.forEach((status, count) -> statuses.put(Integer.toString(status), count));
        return new JsonObject()
                .put("sent", loops.stream().mapToLong(one -> one.sent).sum())
                .put("unsent", loops.stream().mapToLong(one -> one.unsent).sum())
                .put("first", loops.stream().mapToLong(one -> one.first).min().orElse(0))
                .put("last", loops.stream().mapToLong(one -> one.last).max().orElse(0))
                .put("byStatus", statuses)
                .put("latency", Latencies.json(sum));
    }
}
