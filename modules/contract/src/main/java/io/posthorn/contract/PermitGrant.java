package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link PermitRequest}. Where less than a batch is left, the store has parked the endpoint's queue.
 *
 * @param granted how many may be sent now, 0 to the number wanted
 * @param nextAt when {@code nextBatch} more can be had; null when the endpoint is not limited
 * @param nextBatch how many permits there will be then
 */
public record PermitGrant(int granted, @Nullable Instant nextAt, int nextBatch) {}
