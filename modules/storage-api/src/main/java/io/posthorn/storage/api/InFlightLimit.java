package io.posthorn.storage.api;

import io.posthorn.contract.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * How many deliveries of one endpoint may be in flight on all nodes together, learned from its answers: one more for each
 * success while at least half of what is allowed is used, half as many for each {@linkplain Attempt#showsLoss() loss}, never
 * less than one. So a receiver that loses a share p of what it gets has about 2/p in flight, and one that hangs has one.
 * An endpoint with nothing open begins anew.
 *
 * @param first what an endpoint begins with, before anything is known of it; 1 to {@code most}
 * @param most the cap, where {@link io.posthorn.contract.QueueControl.Limit} has not set another
 */
public record InFlightLimit(int first, int most) {
    public InFlightLimit {
        if (first < 1 || most < first) {
            throw new IllegalArgumentException(
                    "in-flight limit: " + first + " to " + most + " (expected: 1 <= first <= most)");
        }
    }

    /** As many from the beginning as there may ever be. */
    public static InFlightLimit from(int most) {
        return new InFlightLimit(most, most);
    }

    /**
     * What is allowed after a result.
     *
     * @param allowed what was allowed before
     * @param cap the most that may be allowed
     * @param inFlight how many are in flight, that one not counted
     * @param attempt null when none was made, which tells nothing
     */
    public static int learned(int allowed, int cap, int inFlight, @Nullable Attempt attempt) {
        if (attempt == null) {
            return allowed;
        }
        if (attempt.showsLoss()) {
            return Math.max(1, Math.min(allowed, cap) / 2);
        }
        boolean used = 2L * (inFlight + 1) >= allowed;
        return attempt.succeeded() && used && allowed < cap ? allowed + 1 : allowed;
    }
}
