package io.posthorn.dispatch;

import io.posthorn.config.DispatchConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says what follows from the outcome of an attempt (Standard Webhooks 1.0). No side effects. */
final class Judge {
    private static final int GONE = 410;
    private static final int TOO_MANY_REQUESTS = 429;

    private final DispatchConfig config;
    private final @Nullable Duration maxAge;
    private final Set<Integer> finalStatuses;
    private final RetrySchedule schedule;

    /**
     * What to do.
     *
     * @param parkUntil until when the receiver wants no requests at all; null when it does not mind
     * @param gone whether the endpoint is to be disabled at once
     */
    record Judgement(
            Verdict verdict, boolean succeeded, @Nullable Instant parkUntil, boolean gone) {}

    Judge(DispatchConfig config, RetryConfig retry, RetrySchedule schedule) {
        this.config = config;
        this.maxAge = retry.maxAge();
        this.finalStatuses = Set.copyOf(retry.finalStatuses());
        this.schedule = schedule;
    }

    /** Judges an attempt that was made; one that was aborted is put back untried. */
    Judgement judge(ClaimedDelivery delivery, AttemptOutcome outcome, Instant now) {
        int status = outcome.statusCode();
        if (outcome instanceof AttemptOutcome.Aborted) {
            return new Judgement(Deliverer.handBack(now), false, null, false);
        }
        if (!(outcome instanceof AttemptOutcome.Answered answered)) {
            return failed(delivery, status, Duration.ZERO, null, now);
        }
        if (status >= 200 && status < 300) {
            return new Judgement(new Verdict.Succeeded(), true, usedUpUntil(answered, now), false);
        }
        if (status == GONE) {
            return new Judgement(new Verdict.Exhausted(), false, null, true);
        }
        return isBusy(status) ? busy(delivery, answered, now) : failed(delivery, status, Duration.ZERO, null, now);
    }

    /** A receiver that took this one and lets in no more for now is not asked meanwhile. */
    private @Nullable Instant usedUpUntil(AttemptOutcome.Answered answered, Instant now) {
        Duration pause = answered.usedUpFor();
        if (pause == null) {
            return null;
        }
        return now.plus(pause.compareTo(config.maxRetryAfter()) < 0 ? pause : config.maxRetryAfter());
    }

    private Judgement busy(ClaimedDelivery delivery, AttemptOutcome.Answered answered, Instant now) {
        int status = answered.statusCode();
        @Nullable Duration asked = RetryAfter.read(answered.retryAfter(), now, config.maxRetryAfter());
        if (asked != null) {
            return failed(delivery, status, asked, asked, now);
        }
        if (status == TOO_MANY_REQUESTS) {
            return failed(delivery, status, Duration.ZERO, config.busyPenalty(), now);
        }
        Judgement judgement = failed(delivery, status, Duration.ZERO, null, now);
        if (judgement.verdict() instanceof Verdict.Retry retry) {
            Instant penalty = now.plus(config.busyPenalty());
            Instant until = retry.at().isBefore(penalty) ? retry.at() : penalty;
            return new Judgement(retry, false, until, false);
        }
        return judgement;
    }

    /** @param status an answer that is final, 0 for none */
    private Judgement failed(
            ClaimedDelivery delivery, int status, Duration atLeast, @Nullable Duration park, Instant now) {
        @Nullable Instant parkUntil = park == null || park.isZero() ? null : now.plus(park);
        @Nullable
        Duration pause = delivery.trigger() == Trigger.MANUAL || isFinal(delivery.endpoint(), status)
                ? null
                : schedule.pauseAfter(delivery.endpoint(), delivery.attempt());
        if (pause == null) {
            return new Judgement(new Verdict.Exhausted(), false, parkUntil, false);
        }
        Instant at = now.plus(pause.compareTo(atLeast) > 0 ? pause : atLeast);
        Verdict verdict = isTooOld(delivery, at) ? new Verdict.Exhausted() : new Verdict.Retry(at);
        return new Judgement(verdict, false, parkUntil, false);
    }

    private boolean isFinal(Endpoint endpoint, int status) {
        @Nullable Set<Integer> own = endpoint.sending().finalStatuses();
        return (own == null ? finalStatuses : own).contains(status);
    }

    private boolean isTooOld(ClaimedDelivery delivery, Instant at) {
        @Nullable Duration own = delivery.endpoint().sending().maxAge();
        @Nullable Duration most = own == null ? maxAge : own;
        return most != null && at.isAfter(delivery.message().createdAt().plus(most));
    }

    private static boolean isBusy(int status) {
        return status == TOO_MANY_REQUESTS || (status >= 502 && status <= 504);
    }
}
