package io.posthorn.contract;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a limit on deliveries is used. */
public final class RateLimit {
    private RateLimit() {}

    /**
     * Asks the rate limit role; answered by {@link Status}.
     *
     * @param endpoint null for the limit of the application
     * @param limit its own, or null: then that of an endpoint is the configured default
     */
    public record StatusOf(
            ApplicationId application,
            @Nullable EndpointId endpoint,
            @Nullable Throttle limit) {}

    /**
     * Use of the limit.
     *
     * @param currentRequests permits that were used and are not free again
     * @param maxRequests permits of a window; 0 when there is no limit
     * @param burst the most at once; 0 when there is no limit
     * @param window null when there is no limit
     * @param resetsAt when all permits are free again
     * @param exact whether the permits used on all nodes are counted
     */
    public record Status(
            int currentRequests,
            int maxRequests,
            int burst,
            @Nullable Duration window,
            Instant resetsAt,
            boolean exact) {}

    /**
     * Asks the store; answered by {@link Use}.
     *
     * @param endpoint null for the limit of the application
     */
    public record UseOf(ApplicationId application, @Nullable EndpointId endpoint, Throttle limit) {}

    /**
     * Permits in use.
     *
     * @param freeAt when none is in use any more
     * @param exact as in {@link Status}
     */
    public record Use(int used, Instant freeAt, boolean exact) {}
}
