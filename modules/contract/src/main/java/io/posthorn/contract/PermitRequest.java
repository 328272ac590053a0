package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * Permits to send to an endpoint.
 *
 * @param version of the endpoint whose limit this is: where it was changed since, its queue is not made to wait by this
 * @param limit the endpoint's own, or null for the configured default
 * @param applicationLimit that of all endpoints of the application together, or null for none
 * @param wanted how many, at least 1
 */
public record PermitRequest(
        ApplicationId application,
        EndpointId endpoint,
        long version,
        @Nullable Throttle limit,
        @Nullable Throttle applicationLimit,
        int wanted) {
    /** The same with another limit of the endpoint. */
    public PermitRequest withLimit(@Nullable Throttle newLimit) {
        return new PermitRequest(application, endpoint, version, newLimit, applicationLimit, wanted);
    }
}
