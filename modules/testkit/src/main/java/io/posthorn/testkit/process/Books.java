package io.posthorn.testkit.process;

import java.util.Optional;

/** The counters of the store, as {@code /metrics} shows them. */
public record Books(long appended, long succeeded, long failed, long cancelled, long waiting, long inFlight) {
    private static final String PREFIX = "posthorn_deliveries_";

    /** Empty when the page does not have them all. */
    public static Optional<Books> read(String metrics) {
        long[] values = new long[6];
        String[] names = {"appended_total", "succeeded_total", "failed_total", "cancelled_total", "waiting", "in_flight"
        };
        for (int i = 0; i < names.length; i++) {
            String start = PREFIX + names[i] + " ";
            Optional<String> line =
                    metrics.lines().filter(one -> one.startsWith(start)).findFirst();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            values[i] = (long) Double.parseDouble(line.get().substring(start.length()));
        }
        return Optional.of(new Books(values[0], values[1], values[2], values[3], values[4], values[5]));
    }

    /** Whether every delivery is somewhere. */
    public boolean balance() {
        return appended == succeeded + failed + cancelled + waiting + inFlight;
    }

    /** Whether nothing is left to send. */
    public boolean isDrained() {
        return waiting == 0 && inFlight == 0;
    }
}
