package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a dispatcher holds, with all that is needed to send it.
 *
 * @param fence grows with every claim; a settlement under an older one changes nothing
 * @param leaseUntil when the hold ends
 * @param attempt the number of the attempt to make, from 1
 * @param message with its payload; null payload when it was expunged meanwhile
 * @param endpoint as it stood at the claim
 * @param circuit of the endpoint, as it stood at the claim: where it is open this delivery is its probe; null where it never opened
 * @param applicationRate deliveries per second to all endpoints of the application together; null for no limit
 */
public record ClaimedDelivery(
        DeliveryKey key,
        long fence,
        Instant leaseUntil,
        int attempt,
        Trigger trigger,
        Message message,
        Endpoint endpoint,
        @Nullable Circuit circuit,
        @Nullable Integer applicationRate) {
    /** One of an application without a limit, for an endpoint whose circuit never opened. */
    public ClaimedDelivery(
            DeliveryKey key,
            long fence,
            Instant leaseUntil,
            int attempt,
            Trigger trigger,
            Message message,
            Endpoint endpoint) {
        this(key, fence, leaseUntil, attempt, trigger, message, endpoint, null, null);
    }

    /** The same under another fence. */
    public ClaimedDelivery withFence(long newFence) {
        return new ClaimedDelivery(
                key, newFence, leaseUntil, attempt, trigger, message, endpoint, circuit, applicationRate);
    }

    /** Whether its endpoint's circuit is open, so that this is the one delivery that is let through to try it. */
    public boolean isProbe() {
        return Circuit.isBroken(circuit);
    }
}
