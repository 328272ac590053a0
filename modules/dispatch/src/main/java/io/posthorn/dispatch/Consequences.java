package io.posthorn.dispatch;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt means once it is over: for its delivery, for the queue and the circuit of its endpoint, and for whether
 * the endpoint counts as failing. Verticle context.
 */
final class Consequences {
    private final Judge judge;
    private final Circuits circuits;
    private final Parking parking;
    private final EndpointHealth health;
    private final Settler settler;
    private final DispatchMetrics metrics;
    private final InstantSource clock;

    Consequences(
            Judge judge,
            Circuits circuits,
            Parking parking,
            EndpointHealth health,
            Settler settler,
            DispatchMetrics metrics,
            InstantSource clock) {
        this.judge = judge;
        this.circuits = circuits;
        this.parking = parking;
        this.health = health;
        this.settler = settler;
        this.metrics = metrics;
        this.clock = clock;
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
            settle(delivery, judgement.verdict(), attempt, null);
            return;
        }
        circuits.after(delivery, judgement.succeeded(), attempt.statusCode(), words(attempt))
                .onSuccess(circuit -> settle(delivery, judgement.verdict(), attempt, circuit));
    }

    private void settle(ClaimedDelivery delivery, Verdict verdict, Attempt attempt, @Nullable Circuit circuit) {
        settler.settle(delivery, new Settlement(delivery.key(), delivery.fence(), verdict, attempt, circuit));
    }

    /** Without what the receiver wrote: a status, or why there was none. */
    private static String words(Attempt attempt) {
        return attempt.statusCode() > 0 ? "status " + attempt.statusCode() : attempt.response();
    }
}
