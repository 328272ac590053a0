package io.posthorn.storage.api;

import io.posthorn.contract.ClaimedDelivery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claim found.
 *
 * @param nextAt when to claim again if no work is announced before; null when nothing at all waits for a time. Never
 *     later than the first moment at which something becomes due by time alone.
 */
public record ClaimAnswer(
        List<ClaimedDelivery> deliveries, @Nullable Instant nextAt) {
    public ClaimAnswer {
        deliveries = List.copyOf(deliveries);
    }
}
