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
    /** A lease with room for a whole attempt after the time to begin it. */
    static LeaseTime of(Duration attemptTimeout, Duration toBegin) {
        return new LeaseTime(attemptTimeout.plus(toBegin), toBegin);
    }
}
