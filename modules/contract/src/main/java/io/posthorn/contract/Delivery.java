package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of one delivery.
 *
 * @param attempts how many attempts were made
 * @param dueAt when it may be claimed next; null at an end
 * @param changedAt when the state was entered
 */
public record Delivery(
        DeliveryKey key,
        DeliveryState state,
        int attempts,
        @Nullable Instant dueAt,
        Instant changedAt) {}
