package io.posthorn.benchmarks.load;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What one event loop of the receiver has seen; written by that loop, read by others. */
final class Receipts {
    private final Latencies latencies = new Latencies();
    private volatile long freshFrom = Long.MIN_VALUE;
    private volatile long old;
    private volatile long ok;
    private volatile long last;
    private volatile long failed;
    private volatile long busy;
    private volatile long hanging;
    private volatile long broken;

    /** What was meant to be sent before that moment is old: counted by itself, without its latency. Any thread. */
    void freshFrom(long nanos) {
        freshFrom = nanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void ok(long intended) {
        long now = System.nanoTime();
        if (intended > 0 && intended < freshFrom) {
            old++;
            return;
        }
        ok++;
        last = now;
        if (intended > 0) {
            latencies.record(now - intended);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void failed() {
        failed++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void busy() {
        busy++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void hanging() {
        hanging++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void broken() {
        broken++;
    }

    /** The counts since the start, and the latencies since they were last asked for. */
    static JsonObject report(List<Receipts> loops) {
        Histogram sum = Latencies.sum();
        loops.forEach(one -> one.latencies.drainInto(sum));
        return counts(loops).put("latency", Latencies.json(sum));
    }

    /** The counts since the start. */
    static JsonObject counts(List<Receipts> loops) {
        return new JsonObject()
                .put("ok", loops.stream().mapToLong(one -> one.ok).sum())
                .put("old", loops.stream().mapToLong(one -> one.old).sum())
                .put("failed", loops.stream().mapToLong(one -> one.failed).sum())
                .put("busy", loops.stream().mapToLong(one -> one.busy).sum())
                .put("hanging", loops.stream().mapToLong(one -> one.hanging).sum())
                .put("broken", loops.stream().mapToLong(one -> one.broken).sum())
                .put("last", loops.stream().mapToLong(one -> one.last).max().orElse(0));
    }
}
