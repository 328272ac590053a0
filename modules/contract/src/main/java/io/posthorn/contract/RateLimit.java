package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rate limit of an endpoint, seen from outside. */
public final class RateLimit {
    private RateLimit() {}

    /** How far an endpoint has used its limit; answered by {@link Status}. */
    public record StatusOf(EndpointId endpoint, @Nullable Integer ratePerSecond) {}

    /**
     * Use of the current window.
     *
     * @param currentRequests permits used in it
     * @param maxRequests permits in it; 0 when there is no limit
     * @param resetsAt when all permits are free again
     */
    public record Status(int currentRequests, int maxRequests, Instant resetsAt) {}
}
