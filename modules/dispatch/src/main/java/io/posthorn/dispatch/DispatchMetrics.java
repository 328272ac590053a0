package io.posthorn.dispatch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured here. No endpoint and no URL is ever a label: their number has no bound. */
final class DispatchMetrics {
    /** One gauge for all instances of a process, since a registry keeps only the first of a name. */
    private static final Map<MeterRegistry, AtomicInteger> IN_FLIGHT = Collections.synchronizedMap(new WeakHashMap<>());

    private final AtomicInteger inFlight;
    private final Counter succeeded;
    private final Counter failed;
    private final Counter timedOut;
    private final Counter blocked;
    private final Counter lost;
    private final Counter eventsLost;
    private final Counter probesSucceeded;
    private final Counter probesFailed;
    private final Counter tokensGiven;
    private final Counter tokensRefused;
    private final Timer duration;
    private final Timer toFirstAttempt;

    DispatchMetrics(MeterRegistry registry) {
        inFlight = IN_FLIGHT.computeIfAbsent(registry, DispatchMetrics::inFlightOf);
        succeeded = attempts(registry, "succeeded");
        failed = attempts(registry, "failed");
        timedOut = attempts(registry, "timeout");
        blocked = attempts(registry, "blocked");
        lost = Counter.builder("posthorn.settlements.lost")
                .description("Results that could not be stored and were dropped; their deliveries repeat")
                .register(registry);
        eventsLost = Counter.builder("posthorn.operational.events.lost")
                .description("Operational webhooks that could not be stored and are never sent")
                .register(registry);
        probesSucceeded = probes(registry, "succeeded");
        probesFailed = probes(registry, "failed");
        tokensGiven = tokens(registry, "succeeded");
        tokensRefused = tokens(registry, "failed");
        duration = Timer.builder("posthorn.attempt.duration")
                .description("From the start of an attempt to its outcome")
                .publishPercentileHistogram()
                .register(registry);
        toFirstAttempt = Timer.builder("posthorn.accept.to.first.attempt")
                .description("From the acceptance of a message to the start of its first attempt to an endpoint")
                .publishPercentileHistogram()
                .register(registry);
    }

    private static Counter attempts(MeterRegistry registry, String result) {
        return Counter.builder("posthorn.attempts")
                .description("Attempts made, by result")
                .tag("result", result)
                .register(registry);
    }

    private static Counter probes(MeterRegistry registry, String result) {
        return Counter.builder("posthorn.circuit.probes")
                .description("Attempts made to see whether an endpoint with an open circuit works again, by result")
                .tag("result", result)
                .register(registry);
    }

    private static Counter tokens(MeterRegistry registry, String result) {
        return Counter.builder("posthorn.token.requests")
                .description("Requests to OAuth2 token endpoints, by result")
                .tag("result", result)
                .register(registry);
    }

    void askedForToken(boolean success) {
        (success ? tokensGiven : tokensRefused).increment();
    }

    void probed(boolean success) {
        (success ? probesSucceeded : probesFailed).increment();
    }

    void inFlight(int change) {
        inFlight.addAndGet(change);
    }

    void firstAttempt(Duration sinceAccepted) {
        toFirstAttempt.record(sinceAccepted.isNegative() ? Duration.ZERO : sinceAccepted);
    }

    void attempted(AttemptOutcome outcome, boolean success, Duration took) {
        duration.record(took);
        if (success) {
            succeeded.increment();
        } else if (outcome instanceof AttemptOutcome.TimedOut) {
            timedOut.increment();
        } else if (outcome instanceof AttemptOutcome.Blocked) {
            blocked.increment();
        } else {
            failed.increment();
        }
    }

    void settlementsLost(int count) {
        lost.increment(count);
    }

    void operationalEventsLost(int count) {
        eventsLost.increment(count);
    }

    /** One count for all instances of a node. */
    private static AtomicInteger inFlightOf(MeterRegistry registry) {
        AtomicInteger count = new AtomicInteger();
        Gauge.builder("posthorn.dispatch.in.flight", count, AtomicInteger::get)
                .description("Deliveries held, from their claim until their result is stored")
                .strongReference(true)
                .register(registry);
        return count;
    }
}
