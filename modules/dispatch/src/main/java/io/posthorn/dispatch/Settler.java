package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores results: all that came in one turn of the event loop, or while a request was under way, in one request. One
 * that fails is repeated, also beyond the end of the leases: a late result counts as long as nobody claimed its delivery
 * again, and is recorded afterwards. What could not be stored for {@link #LATEST} after its lease is dropped, so that a
 * result that storage cannot take does not stop all others. Holds no more than there are slots. Verticle context.
 */
final class Settler {
    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);
    private static final int MAX_BATCH = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long after its lease a result is still offered. */
    static final Duration LATEST = Duration.ofMinutes(10);

    private final Bus bus;
    private final Slots slots;
    private final Timers timers;
    private final InstantSource clock;
    private final Backoff backoff;
    private final DispatchMetrics metrics;
    private final ArrayDeque<Result> waiting = new ArrayDeque<>();
    private boolean busy;

    private record Result(Settlement settlement, Instant leaseUntil) {}

    Settler(Bus bus, Slots slots, Timers timers, InstantSource clock, Backoff backoff, DispatchMetrics metrics) {
        this.bus = bus;
        this.slots = slots;
        this.timers = timers;
        this.clock = clock;
        this.backoff = backoff;
        this.metrics = metrics;
    }

    /** Takes a result; its slot is free when it is stored or dropped. */
    void settle(ClaimedDelivery delivery, Settlement settlement) {
        waiting.add(new Result(settlement, delivery.leaseUntil()));
        if (!busy) {
            busy = true;
            timers.atEndOfTurn(this::flush);
        }
    }

    private void flush() {
        List<Result> batch = new ArrayList<>();
        while (!waiting.isEmpty() && batch.size() < MAX_BATCH) {
            batch.add(waiting.remove());
        }
        if (batch.isEmpty()) {
            busy = false;
            return;
        }
        Batches.Settlements request =
                new Batches.Settlements(batch.stream().map(Result::settlement).toList());
        bus.request(Addresses.SETTLE, request, Deadline.after(PATIENCE)).onComplete(stored -> {
            if (stored.succeeded()) {
                backoff.reset();
                slots.release(batch.size());
                flush();
            } else {
                again(batch, stored.cause());
            }
        });
    }

    private void again(List<Result> batch, Throwable cause) {
        Instant now = clock.instant();
        int lost = 0;
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (batch.get(i).leaseUntil().plus(LATEST).isAfter(now)) {
                waiting.addFirst(batch.get(i));
            } else {
                lost++;
            }
        }
        if (lost > 0) {
            LOG.error("{} results could not be stored and are dropped, their deliveries repeat", lost, cause);
            metrics.settlementsLost(lost);
            slots.release(lost);
        }
        long unused = timers.after(backoff.nextMillis(), this::flush);
    }
}
