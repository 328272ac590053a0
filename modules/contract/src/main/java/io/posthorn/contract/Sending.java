package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * How deliveries are sent to one endpoint where that differs from what the node is set to. Each part is null where the
 * endpoint has no wish of its own.
 *
 * @param retryPolicy when a failed delivery is tried again
 */
public record Sending(@Nullable RetryPolicy retryPolicy) {
    /** As the node is set. */
    public static final Sending AS_CONFIGURED = new Sending(null);

    /** The same with another retry policy, or the node's when null. */
    public Sending withRetryPolicy(@Nullable RetryPolicy policy) {
        return new Sending(policy);
    }
}
