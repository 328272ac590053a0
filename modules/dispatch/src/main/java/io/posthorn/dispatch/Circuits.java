package io.posthorn.dispatch;

import io.posthorn.config.CircuitConfig;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.EndpointId;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Says what attempts make of the circuits of their endpoints. The failures in a row of an endpoint whose circuit is closed
 * are counted by a circuit breaker of its own, made at the first of them and dropped at the next success, so that an endpoint that
 * works costs nothing. What follows is stored with the result, and counts for all nodes; the state itself is kept there, and comes
 * back with each claim. Counts for the {@value #MAX_COUNTED} endpoints that failed last. Verticle context.
 */
final class Circuits {
    static final int MAX_COUNTED = 4096;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final double SPREAD = 0.1;

    private final CircuitConfig config;
    private final Supplier<CircuitBreaker> breakers;
    private final DispatchMetrics metrics;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<EndpointId, Counted> counted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointId, Counted> eldest) {
            return size() > MAX_COUNTED;
        }
    };

    /** A breaker, and the circuit under which it began to count. */
    private record Counted(long version, CircuitBreaker breaker) {}

    /** What a breaker is told, which wants an exception; it has no trace. */
    private static final class AttemptFailed extends Exception {
        private static final long serialVersionUID = 1L;

        AttemptFailed() {
            super("the attempt failed", null, false, false);
        }
    }

    /** @param breakers makes one that opens after the configured failures, and never closes by itself */
    Circuits(
            CircuitConfig config,
            Supplier<CircuitBreaker> breakers,
            DispatchMetrics metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.config = config;
        this.breakers = breakers;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
    }

    /** Whether the attempt tells nothing about a circuit: it succeeded, as those before it. */
    boolean isUntouchedBy(ClaimedDelivery delivery, boolean succeeded) {
        return succeeded
                && !delivery.isProbe()
                && (counted.isEmpty() || !counted.containsKey(delivery.key().endpoint()));
    }

    /**
     * What the circuit becomes by an attempt; null when it stays as it is. A receiver that answers 429 lives, and says
     * itself when it wants more: that is neither a failure nor a success. Never fails.
     *
     * @param what how the attempt ended, in words that may be shown to the tenant
     */
    Future<@Nullable Circuit> after(ClaimedDelivery delivery, boolean succeeded, int status, String what) {
        if (status == TOO_MANY_REQUESTS) {
            return Future.succeededFuture();
        }
        if (delivery.isProbe()) {
            return Future.succeededFuture(probed(delivery, succeeded, what));
        }
        EndpointId endpoint = delivery.key().endpoint();
        if (succeeded) {
            counted.remove(endpoint);
            return Future.succeededFuture();
        }
        return config.failureThreshold() == 0 ? Future.succeededFuture() : count(delivery, what);
    }

    private Circuit probed(ClaimedDelivery delivery, boolean succeeded, String what) {
        @Nullable Circuit before = delivery.circuit();
        counted.remove(delivery.key().endpoint());
        metrics.probed(succeeded);
        if (succeeded) {
            return Circuit.closed(before, clock.instant(), "a probe succeeded: " + what);
        }
        return opened(before, "a probe failed: " + what);
    }

    private Future<@Nullable Circuit> count(ClaimedDelivery delivery, String what) {
        EndpointId endpoint = delivery.key().endpoint();
        long version = Circuit.versionOf(delivery.circuit());
        Counted known = counted.get(endpoint);
        if (known != null && known.version() > version) {
            // It was claimed before the circuit opened and closed: old news.
            return Future.succeededFuture();
        }
        if (known == null || known.version() < version) {
            known = new Counted(version, breakers.get());
            counted.put(endpoint, known);
        }
        Counted own = known;
        return own.breaker()
                .<Object>execute(() -> Future.failedFuture(new AttemptFailed()))
                .transform(told -> Future.succeededFuture(judged(delivery, own, what)));
    }

    private @Nullable Circuit judged(ClaimedDelivery delivery, Counted own, String what) {
        if (own.breaker().state() != CircuitBreakerState.OPEN) {
            return null;
        }
        if (!counted.remove(delivery.key().endpoint(), own)) {
            // Another attempt of the same turn has opened it already.
            return null;
        }
        return opened(delivery.circuit(), config.failureThreshold() + " failures in a row, the last: " + what);
    }

    private Circuit opened(@Nullable Circuit before, String reason) {
        Instant now = clock.instant();
        int openings = Circuit.openingsAt(before, now, config.maxTimeout()) + 1;
        return Circuit.opened(before, openings, now, now.plus(pause(openings)), reason);
    }

    /** The configured time, doubled with each further opening up to the longest, spread by a tenth to both sides. */
    private Duration pause(int openings) {
        double doubled = (double) config.timeout().toMillis() * Math.pow(2, Math.min(openings - 1, 60));
        double millis = Math.min(doubled, (double) config.maxTimeout().toMillis());
        return Duration.ofMillis((long) Math.max(1, millis * (1 + SPREAD * (2 * random.nextDouble() - 1))));
    }
}
