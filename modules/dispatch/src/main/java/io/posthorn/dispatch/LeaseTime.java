package io.posthorn.dispatch;

import java.time.Duration;

/**
 * How long a dispatcher holds what it claims.
 *
 * @param whole the lease that a claim asks for
 * @param toBegin how long after the claim was asked for an attempt may still begin: one that begins later could outlive
 *     the lease, and another dispatcher would send the same
 */
record LeaseTime(Duration whole, Duration toBegin) {
    private static final Duration TO_BEGIN = Duration.ofSeconds(15);

    /** A lease with room for a whole attempt of that length after the time to begin it. */
    static LeaseTime forAttemptsOf(Duration timeout) {
        return new LeaseTime(timeout.plus(TO_BEGIN), TO_BEGIN);
    }
}
