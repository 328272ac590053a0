package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the queue of an endpoint does now.
 *
 * @param oldestDueAt when its earliest delivery was or is due; null when nothing waits
 * @param cause why its head waits
 * @param until until when it waits for that cause, where that is known
 * @param circuit null where it never opened
 */
public record QueueState(
        Books books,
        @Nullable Instant oldestDueAt,
        WaitCause cause,
        @Nullable Instant until,
        int inFlightLimit,
        @Nullable Circuit circuit) {}
