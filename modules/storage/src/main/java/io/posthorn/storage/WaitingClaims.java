package io.posthorn.storage;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.Claimed;
import io.posthorn.storage.api.ClaimAnswer;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds claims that found nothing until something is due or their patience ends, whichever is first; they are always
 * answered before their caller's deadline, since an answer that comes later reaches nobody and its deliveries would wait
 * for the end of their lease. Verticle context, but for {@link #workArrived()}: the engine's thread that announces work asks
 * for it at once, so that a local store serves a waiting claim right behind the commit that made its deliveries.
 */
final class WaitingClaims {
    private static final long NO_TIMER = -1;
    private static final long NEVER = Long.MAX_VALUE;

    private final StorageEngine engine;
    private final EngineCalls calls;
    private final AppendPace pace;
    private final Timers timers;
    private final InstantSource clock;
    private final Deque<Waiter> idle = new ConcurrentLinkedDeque<>();

    /** Counts announcements of work, so that a claim that was under way when one came looks again. */
    private final AtomicLong announced = new AtomicLong();

    private long wakeTimer = NO_TIMER;
    private long wakeAt = NEVER;
    private boolean stopped;

    private static final class Waiter {
        final ClaimRequest request;
        final Promise<Claimed> promise = Promise.promise();
        long patienceTimer = NO_TIMER;
        boolean patienceOver;

        Waiter(ClaimRequest request) {
            this.request = request;
        }
    }

    /** @param pace told what each claim found */
    WaitingClaims(StorageEngine engine, EngineCalls calls, AppendPace pace, Timers timers, InstantSource clock) {
        this.engine = engine;
        this.calls = calls;
        this.pace = pace;
        this.timers = timers;
        this.clock = clock;
    }

    Future<Claimed> claim(ClaimRequest request, Deadline deadline) {
        Waiter waiter = new Waiter(request);
        long patience =
                Math.min(request.patience().toMillis(), deadline.forNested().remainingMillis());
        if (patience > 0) {
            waiter.patienceTimer = timers.after(patience, () -> patienceOver(waiter));
        } else {
            waiter.patienceOver = true;
        }
        look(waiter);
        return waiter.promise.future();
    }

    /** Deliveries may have become claimable. Any thread; returns at once. */
    void workArrived() {
        announced.incrementAndGet();
        Waiter next = idle.poll();
        if (next != null) {
            look(next);
        }
    }

    /** Answers all that wait with nothing. */
    void stop() {
        stopped = true;
        cancelWake();
        for (Waiter waiter = idle.poll(); waiter != null; waiter = idle.poll()) {
            answer(waiter, List.of());
        }
    }

    private void look(Waiter waiter) {
        long before = announced.get();
        calls.on(engine.claim(waiter.request))
                .onSuccess(found -> looked(waiter, found, before))
                .onFailure(cause -> {
                    timers.cancel(waiter.patienceTimer);
                    waiter.promise.fail(cause);
                });
    }

    private void looked(Waiter waiter, ClaimAnswer found, long before) {
        pace.claimed(waiter.request, found.deliveries());
        if (!found.deliveries().isEmpty()) {
            timers.cancel(waiter.patienceTimer);
            waiter.promise.complete(new Claimed(found.deliveries()));
        } else if (waiter.patienceOver || stopped) {
            answer(waiter, List.of());
        } else {
            idle.addFirst(waiter);
            // Whoever takes it out looks: this thread, or that of an announcement which came in between.
            if (announced.get() != before && idle.remove(waiter)) {
                look(waiter);
            }
        }
        wakeAt(found.nextAt() == null ? NEVER : found.nextAt().toEpochMilli());
    }

    private void answer(Waiter waiter, List<io.posthorn.contract.ClaimedDelivery> deliveries) {
        timers.cancel(waiter.patienceTimer);
        waiter.promise.complete(new Claimed(deliveries));
    }

    private void patienceOver(Waiter waiter) {
        waiter.patienceOver = true;
        if (idle.remove(waiter)) {
            answer(waiter, List.of());
        }
    }

    private void wakeAt(long millis) {
        if (millis >= wakeAt || stopped) {
            return;
        }
        cancelWake();
        wakeAt = millis;
        wakeTimer = timers.after(millis - clock.millis(), () -> {
            wakeTimer = NO_TIMER;
            wakeAt = NEVER;
            workArrived();
        });
    }

    private void cancelWake() {
        if (wakeTimer != NO_TIMER) {
            timers.cancel(wakeTimer);
            wakeTimer = NO_TIMER;
            wakeAt = NEVER;
        }
    }
}
