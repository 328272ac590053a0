package io.posthorn.dispatch;

import io.posthorn.config.CircuitConfig;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.RateLimitConfig;

/**
 * All that a dispatcher is set to.
 *
 * @param rateLimit where there is a default limit, every endpoint needs permits
 */
public record DispatchSettings(
        DispatchConfig dispatch, EgressConfig egress, RateLimitConfig rateLimit, CircuitConfig circuit) {}
