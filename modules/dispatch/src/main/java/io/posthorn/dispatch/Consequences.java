package io.posthorn.dispatch;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.WaitCause;
import io.vertx.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means once it is over: for its delivery, for the queue and the circuit of its endpoint, and for whether
 * the endpoint counts as failing. Verticle context.
 */
final class Consequences {
    private static final Duration FAILURE_AGE = Duration.ofSeconds(1);
    private static final Duration APPLICATION_AGE = Duration.ofSeconds(10);
    private static final int CACHED = 10_000;

    private final Judge judge;
    private final Circuits circuits;
    private final Parking parking;
    private final OperationalEvents events;
    private final EndpointHealth health;
    private final Settler settler;
    private final DispatchMetrics metrics;
    private final InstantSource clock;

    Consequences(
            Judge judge,
            Circuits circuits,
            Parking parking,
            OperationalEvents events,
            EndpointHealth health,
            Settler settler,
            DispatchMetrics metrics,
            InstantSource clock) {
        this.judge = judge;
        this.circuits = circuits;
        this.parking = parking;
        this.events = events;
        this.health = health;
        this.settler = settler;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Puts it together for one instance, with what it alone needs. */
    static Consequences wired(
            DispatchSettings settings,
            Supplier<CircuitBreaker> breakers,
            Surroundings surroundings,
            Parking parking,
            Settler settler) {
        DispatchMetrics metrics = surroundings.metrics();
        InstantSource clock = surroundings.clock();
        OperationalEvents events =
                new OperationalEvents(settings, cache(APPLICATION_AGE).build(), surroundings);
        return new Consequences(
                new Judge(
                        settings.dispatch(),
                        settings.retry(),
                        new RetrySchedule(settings.retry().policy(), surroundings.random())),
                new Circuits(settings.circuit(), breakers, metrics, clock, surroundings.random()),
                parking,
                events,
                new EndpointHealth(
                        surroundings.bus(),
                        events,
                        settings.dispatch().disableAfter(),
                        cache(FAILURE_AGE).build()),
                settler,
                metrics,
                clock);
    }

    private static Caffeine<Object, Object> cache(Duration age) {
        return Caffeine.newBuilder().maximumSize(CACHED).expireAfterWrite(age);
    }

    /** Takes the outcome of an attempt; its slot is free when the result is stored. */
    void of(ClaimedDelivery delivery, AttemptOutcome outcome, Instant startedAt, Duration took) {
        Instant now = clock.instant();
        Judge.Judgement judgement = judge.judge(delivery, outcome, now);
        if (outcome instanceof AttemptOutcome.Aborted) {
            settler.settle(delivery, new Settlement(delivery.key(), delivery.fence(), judgement.verdict(), null));
            return;
        }
        metrics.attempted(outcome, judgement.succeeded(), took);
        if (judgement.parkUntil() != null) {
            parking.park(delivery.endpoint(), judgement.parkUntil(), WaitCause.RECEIVER_BUSY, 1);
        }
        Attempt attempt = new Attempt(
                AttemptId.at(startedAt.toEpochMilli()),
                delivery.key(),
                delivery.attempt(),
                delivery.trigger(),
                delivery.endpoint().url(),
                startedAt,
                took,
                outcome.statusCode(),
                ResponseText.of(outcome),
                judgement.succeeded());
        settle(delivery, judgement, attempt);
        if (judgement.succeeded()) {
            health.succeeded(delivery.endpoint());
        } else if (judgement.gone()) {
            health.gone(delivery.endpoint(), now);
        } else {
            health.failed(delivery.endpoint(), judgement.verdict() instanceof Verdict.Exhausted, now);
        }
    }

    private void settle(ClaimedDelivery delivery, Judge.Judgement judgement, Attempt attempt) {
        if (circuits.isUntouchedBy(delivery, judgement.succeeded())) {
            tellAndSettle(delivery, judgement.verdict(), attempt, null);
            return;
        }
        circuits.after(delivery, judgement.succeeded(), attempt.statusCode(), words(attempt))
                .onSuccess(circuit -> tellAndSettle(delivery, judgement.verdict(), attempt, circuit));
    }

    /** What there is to tell is stored first: a crash in between repeats the attempt, and forgets nothing. */
    private void tellAndSettle(ClaimedDelivery delivery, Verdict verdict, Attempt attempt, @Nullable Circuit circuit) {
        if (events.isNothing(delivery, verdict, circuit)) {
            settle(delivery, verdict, attempt, circuit);
            return;
        }
        events.tell(delivery, verdict, attempt, circuit).onSuccess(told -> settle(delivery, verdict, attempt, circuit));
    }

    private void settle(ClaimedDelivery delivery, Verdict verdict, Attempt attempt, @Nullable Circuit circuit) {
        settler.settle(delivery, new Settlement(delivery.key(), delivery.fence(), verdict, attempt, circuit));
    }

    /** Without what the receiver wrote: a status, or why there was none. */
    private static String words(Attempt attempt) {
        return attempt.statusCode() > 0 ? "status " + attempt.statusCode() : attempt.response();
    }
}
