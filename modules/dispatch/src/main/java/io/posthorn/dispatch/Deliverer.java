package io.posthorn.dispatch;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes claimed deliveries through permit and attempt to what follows from it. Verticle context. */
final class Deliverer {
    /** How long the queue of an endpoint rests whose slow receiver must wait. */
    private static final Duration SLOW_PAUSE = Duration.ofSeconds(1);

    private final Slots slots;
    private final Permits permits;
    private final AttemptSender sender;
    private final Consequences consequences;
    private final Settler settler;
    private final Parking parking;
    private final DispatchMetrics metrics;
    private final InstantSource clock;
    private final UnderWay underWay;
    private boolean stopped;

    Deliverer(
            Slots slots,
            Permits permits,
            AttemptSender sender,
            Consequences consequences,
            Settler settler,
            Parking parking,
            DispatchMetrics metrics,
            UnderWay underWay,
            InstantSource clock) {
        this.slots = slots;
        this.permits = permits;
        this.sender = sender;
        this.consequences = consequences;
        this.settler = settler;
        this.parking = parking;
        this.metrics = metrics;
        this.underWay = underWay;
        this.clock = clock;
    }

    /** The verdict on a delivery that this node puts back. */
    static Verdict handBack(Instant now) {
        return new Verdict.Deferred(now, WaitCause.READY);
    }

    /**
     * Takes the deliveries of one claim; each holds a slot until its result is stored.
     *
     * @param beginBefore when an attempt may begin at the latest, as {@link System#nanoTime()}: a process that stood still
     *     may find that its lease is over, and must not send what somebody else sends by now. Not a time of day, since
     *     the clocks of this node and of the store need not agree.
     */
    void accept(List<ClaimedDelivery> claimed, long beginBefore) {
        slots.take(claimed.size());
        List<ClaimedDelivery> limited = new ArrayList<>();
        for (ClaimedDelivery delivery : claimed) {
            if (underWay.mustWait(delivery.key().endpoint())) {
                makeWait(delivery);
            } else if (permits.limits(delivery) && !stopped) {
                limited.add(delivery);
            } else {
                attempt(delivery, beginBefore);
            }
        }
        if (!limited.isEmpty()) {
            permits.ask(limited).onSuccess(split -> {
                split.permitted().forEach(permitted -> attempt(permitted, beginBefore));
                split.denied()
                        .forEach(denied -> settle(
                                denied.delivery(), new Verdict.Deferred(denied.until(), WaitCause.RATE_LIMITED), null));
            });
        }
    }

    /** Begins no more attempts: what is accepted from now on is put back. */
    void stop() {
        stopped = true;
    }

    /** Breaks off all attempts under way and puts their deliveries back. */
    void abort() {
        stop();
        underWay.abortAll();
    }

    /** Slow receivers have their share of the slots. */
    private void makeWait(ClaimedDelivery delivery) {
        Instant until = clock.instant().plus(SLOW_PAUSE);
        parking.park(delivery.endpoint(), until, WaitCause.CONCURRENCY_FULL, 1);
        settle(delivery, new Verdict.Deferred(until, WaitCause.CONCURRENCY_FULL), null);
    }

    private void attempt(ClaimedDelivery delivery, long beginBefore) {
        if (stopped || System.nanoTime() - beginBefore >= 0) {
            settle(delivery, handBack(clock.instant()), null);
            return;
        }
        if (delivery.message().payload() == null) {
            settle(delivery, new Verdict.Cancelled(), null);
            return;
        }
        Instant startedAt = clock.instant();
        if (delivery.attempt() == 1 && delivery.trigger() == Trigger.SCHEDULED) {
            metrics.firstAttempt(Duration.between(delivery.message().createdAt(), startedAt));
        }
        Exchange exchange = sender.prepare(delivery);
        underWay.add(exchange);
        exchange.outcome().onSuccess(outcome -> {
            underWay.remove(exchange);
            consequences.of(
                    delivery, outcome, startedAt, Duration.ofNanos(System.nanoTime() - exchange.startedNanos()));
        });
        exchange.start();
    }

    private void settle(ClaimedDelivery delivery, Verdict verdict, @Nullable Attempt attempt) {
        settler.settle(delivery, new Settlement(delivery.key(), delivery.fence(), verdict, attempt));
    }
}
