package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * Permits to send to an endpoint.
 *
 * @param ratePerSecond the endpoint's own limit, or null for the configured default
 * @param wanted how many, at least 1
 */
public record PermitRequest(EndpointId endpoint, @Nullable Integer ratePerSecond, int wanted) {}
