package io.posthorn.dispatch;

import io.posthorn.config.CircuitConfig;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.config.RetryConfig;
import java.time.Duration;

/**
 * All that a dispatcher is set to.
 *
 * @param rateLimit where there is a default limit, every endpoint needs permits
 * @param retention how long the payload of an operational webhook is kept
 */
public record DispatchSettings(
        DispatchConfig dispatch,
        RetryConfig retry,
        EgressConfig egress,
        RateLimitConfig rateLimit,
        CircuitConfig circuit,
        Duration retention) {}
