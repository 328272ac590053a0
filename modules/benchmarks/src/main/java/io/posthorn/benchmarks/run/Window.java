package io.posthorn.benchmarks.run;

import io.vertx.core.json.JsonObject;

/**
 * What was measured while load was sent, and until everything had come.
 *
 * @param accepted requests that were answered with 2xx
 * @param delivered what the receivers got
 * @param deliveredWhileSending what they had got when the last request was answered
 * @param oldWhileSending what {@linkplain Stage#countOnlyFresh() is old} and had come by then
 * @param load as the generator told it
 * @param receipts as the receivers told it
 * @param serviceMicros of the processors that the program under test used
 * @param besideMicros that the other nodes of its cluster used
 * @param redisMicros that its Redis used
 * @param allocatedBytes by the program under test
 * @param loadMicros that generator and receivers used
 * @param disturbed whether others used too much of the processors
 */
public record Window(
        long accepted,
        long delivered,
        long deliveredWhileSending,
        long oldWhileSending,
        JsonObject load,
        JsonObject receipts,
        double serviceMicros,
        double besideMicros,
        double redisMicros,
        long allocatedBytes,
        double loadMicros,
        boolean disturbed) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Deliveries, from the first request to the last delivery. */
    public double deliveredPerSecond() {
        return delivered == 0 ? 0 : delivered / ((receipts.getLong("last") - load.getLong("first")) / NANOS_PER_SECOND);
    }

    /** Events accepted, over the time in which they were sent. */
    public double acceptedPerSecond() {
        return accepted / sendingSeconds();
    }

    /** Deliveries made while requests were being sent, over that time. */
    public double deliveredPerSecondWhileSending() {
        return deliveredWhileSending / sendingSeconds();
    }

    /** From the first request to the last answer. */
    public double sendingSeconds() {
        return (load.getLong("last") - load.getLong("first")) / NANOS_PER_SECOND;
    }

    /** From the intended sending to the receipt: {@code p50}, {@code p99}, {@code p999} or {@code max}. */
    public double receivedMillis(String percentile) {
        return receipts.getJsonObject("latency").getLong(percentile) / NANOS_PER_MILLI;
    }

    /** From the intended sending to the answer. */
    public double answeredMillis(String percentile) {
        return load.getJsonObject("latency").getLong(percentile) / NANOS_PER_MILLI;
    }

    /** Requests that were due and could not be sent. */
    public long unsent() {
        return load.getLong("unsent");
    }

    /** Requests that were not accepted, by status; status 0 had no answer. */
    public JsonObject refused() {
        JsonObject refused = load.getJsonObject("byStatus").copy();
        refused.fieldNames().stream()
                .filter(status -> status.startsWith("2"))
                .toList()
                .forEach(refused::remove);
        return refused;
    }
}
