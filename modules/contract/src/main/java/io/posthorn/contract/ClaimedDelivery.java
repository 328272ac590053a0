package io.posthorn.contract;

import java.time.Instant;

/**
 * A delivery that a dispatcher holds, with all that is needed to send it.
 *
 * @param fence grows with every claim; a settlement under an older one changes nothing
 * @param leaseUntil when the hold ends
 * @param attempt the number of the attempt to make, from 1
 * @param message with its payload; null payload when it was expunged meanwhile
 * @param endpoint as it stood at the claim
 */
public record ClaimedDelivery(
        DeliveryKey key,
        long fence,
        Instant leaseUntil,
        int attempt,
        Trigger trigger,
        Message message,
        Endpoint endpoint) {}
