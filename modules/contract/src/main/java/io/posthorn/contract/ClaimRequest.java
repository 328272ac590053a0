package io.posthorn.contract;

import java.time.Duration;

/**
 * A dispatcher with free capacity asks for deliveries.
 *
 * @param max the most deliveries to answer, 1 to {@value #MAX}
 * @param lease how long the dispatcher may hold them; then they are handed out again
 * @param patience how long to hold the request when nothing is due; must be shorter than the request's own timeout
 */
public record ClaimRequest(NodeId node, int max, Duration lease, Duration patience) {
    /** The most deliveries of one claim. */
    public static final int MAX = 4096;

    public ClaimRequest {
        if (max < 1 || max > MAX) {
            throw new IllegalArgumentException("max must be 1 to " + MAX + ": " + max);
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("lease must be > 0: " + lease);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must be >= 0: " + patience);
        }
    }
}
