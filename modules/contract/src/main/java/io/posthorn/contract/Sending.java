package io.posthorn.contract;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries are sent to one endpoint where that differs from what the node is set to. Each part is null where the
 * endpoint has no wish of its own.
 *
 * @param retryPolicy when a failed delivery is tried again
 * @param maxAge how long after its message was accepted a delivery may be tried again; a retry that would be due later
 *     ends it
 * @param finalStatuses the status codes after which a delivery is not tried again; empty for none
 * @param timeout the total time of one attempt; never longer than the node's own
 * @param maxInFlight how many attempts are in flight at most, on all nodes together; never more than the node's own
 * @param throttle how many deliveries it gets in which time; goes before {@link Endpoint#throttleRate()}
 * @param authentication how a delivery shows who sends it; null for not at all
 * @param tls how connections to it are secured
 */
public record Sending(
        @Nullable RetryPolicy retryPolicy,
        @Nullable Duration maxAge,
        @Nullable Set<Integer> finalStatuses,
        @Nullable Duration timeout,
        @Nullable Integer maxInFlight,
        @Nullable Throttle throttle,
        @Nullable EndpointAuth authentication,
        @Nullable TlsOptions tls) {
    /** The longest age that can be asked for. */
    public static final Duration MAX_AGE = Duration.ofDays(3650);

    /** The most status codes that can be named, each {@value #LOWEST_STATUS} to {@value #HIGHEST_STATUS}. */
    public static final int MAX_STATUSES = 100;

    public static final int LOWEST_STATUS = 100;
    public static final int HIGHEST_STATUS = 599;

    /** The longest time that an attempt can be given. */
    public static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    /** The most attempts that can be in flight. */
    public static final int MAX_IN_FLIGHT = 100_000;

    /** As the node is set. */
    public static final Sending AS_CONFIGURED = new Sending(null, null, null, null, null, null, null, null);

    public Sending {
        finalStatuses = finalStatuses == null ? null : Set.copyOf(finalStatuses);
        if (maxAge != null && (maxAge.compareTo(Duration.ofSeconds(1)) < 0 || maxAge.compareTo(MAX_AGE) > 0)) {
            throw new IllegalArgumentException("maxAge must be 1 s to " + MAX_AGE + ": " + maxAge);
        }
        if (finalStatuses != null && finalStatuses.size() > MAX_STATUSES) {
            throw new IllegalArgumentException(
                    "finalStatuses must be at most " + MAX_STATUSES + ": " + finalStatuses.size());
        }
        if (finalStatuses != null
                && finalStatuses.stream().anyMatch(status -> status < LOWEST_STATUS || status > HIGHEST_STATUS)) {
            throw new IllegalArgumentException(
                    "finalStatuses must be " + LOWEST_STATUS + " to " + HIGHEST_STATUS + ": " + finalStatuses);
        }
        if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0)) {
            throw new IllegalArgumentException(
                    "timeout must be more than 0 s, at most " + MAX_TIMEOUT + ": " + timeout);
        }
        if (maxInFlight != null && (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT)) {
            throw new IllegalArgumentException("maxInFlight must be 1 to " + MAX_IN_FLIGHT + ": " + maxInFlight);
        }
    }

    /** The same with another retry policy, or the node's when null. */
    public Sending withRetryPolicy(@Nullable RetryPolicy policy) {
        return new Sending(policy, maxAge, finalStatuses, timeout, maxInFlight, throttle, authentication, tls);
    }

    /** The same with another maximum age, or the node's when null. */
    public Sending withMaxAge(@Nullable Duration age) {
        return new Sending(retryPolicy, age, finalStatuses, timeout, maxInFlight, throttle, authentication, tls);
    }

    /** The same with other status codes that end a delivery, or the node's when null. */
    public Sending withFinalStatuses(@Nullable Set<Integer> statuses) {
        return new Sending(retryPolicy, maxAge, statuses, timeout, maxInFlight, throttle, authentication, tls);
    }

    /** The same with another time for one attempt, or the node's when null. */
    public Sending withTimeout(@Nullable Duration newTimeout) {
        return new Sending(retryPolicy, maxAge, finalStatuses, newTimeout, maxInFlight, throttle, authentication, tls);
    }

    /** The same with another most of attempts in flight, or the node's when null. */
    public Sending withMaxInFlight(@Nullable Integer most) {
        return new Sending(retryPolicy, maxAge, finalStatuses, timeout, most, throttle, authentication, tls);
    }

    /** The same with another limit, or the node's when null. */
    public Sending withThrottle(@Nullable Throttle newThrottle) {
        return new Sending(retryPolicy, maxAge, finalStatuses, timeout, maxInFlight, newThrottle, authentication, tls);
    }

    /** The same with another authentication, or none when null. */
    public Sending withAuthentication(@Nullable EndpointAuth newAuthentication) {
        return new Sending(retryPolicy, maxAge, finalStatuses, timeout, maxInFlight, throttle, newAuthentication, tls);
    }

    /** The same with connections secured in another way, or as usual when null. */
    public Sending withTls(@Nullable TlsOptions options) {
        return new Sending(retryPolicy, maxAge, finalStatuses, timeout, maxInFlight, throttle, authentication, options);
    }
}
