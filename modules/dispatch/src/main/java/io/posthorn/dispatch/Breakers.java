package io.posthorn.dispatch;

import io.posthorn.config.CircuitConfig;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Makes circuit breakers that count failures in a row and do nothing else: no timer, no message on the bus. When they close
 * again, and what is sent meanwhile, is decided by the queue, for all nodes.
 */
final class Breakers {
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

    private Breakers() {}

    /** @param attempt how long an attempt may take: even if each does, and rests as long, they count as in a row */
    static Supplier<CircuitBreaker> of(Vertx vertx, CircuitConfig config, Duration attempt) {
        Duration slowest = attempt.multipliedBy(2L * config.failureThreshold());
        Duration window = slowest.compareTo(SHORTEST_WINDOW) < 0 ? SHORTEST_WINDOW : slowest;
        window = window.compareTo(LONGEST_WINDOW) > 0 ? LONGEST_WINDOW : window;
        CircuitBreakerOptions options = new CircuitBreakerOptions()
                .setMaxFailures(config.failureThreshold())
                .setFailuresRollingWindow(window.toMillis())
                .setTimeout(-1)
                .setResetTimeout(-1)
                .setNotificationAddress(null);
        return () -> CircuitBreaker.create("endpoint", vertx, options);
    }
}
