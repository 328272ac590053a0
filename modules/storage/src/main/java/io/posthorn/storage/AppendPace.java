package io.posthorn.storage;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.Settlement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds appends back while deliveries wait for the processors, so that acceptance does not take from delivery what it
 * needs. While {@link DeliveryPressure} is high, each delivery that is settled lets in nine tenths of an appended one: the
 * backlog shrinks, slowly. Appends beyond that are held in order, each for a second at most and for half of the time that
 * its caller waits; when the pressure ends they go at once.
 *
 * <p>What is held is bounded by its callers: each event loop of ingestion has four batches of 512 messages on the way at
 * most, and what waits behind them is counted by its gate, which answers 503 when it is full. Verticle context.
 */
final class AppendPace {
    private static final double APPENDED_BY_SETTLED = 0.9;
    private static final double MOST_SAVED = 1_024;
    private static final long LONGEST_MILLIS = 1_000;
    private static final long TOLD_FOR = TimeUnit.SECONDS.toNanos(5);

    private final Function<List<NewMessage>, Future<List<AppendOutcome>>> engine;
    private final DeliveryPressure pressure;
    private final LongSupplier nanos;
    private final Timers timers;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    /** How many deliveries may be appended before the next ones are settled; below zero after a batch with many. */
    private double balance;

    private boolean tight;
    private boolean stopped;
    private @Nullable Wake wake;
    private @Nullable Long lastHeldAt;

    private record Held(List<NewMessage> messages, Promise<List<AppendOutcome>> promise, long latest) {}

    private record Wake(long timer, long at) {}

    /**
     * @param engine performs an append; completes on the verticle's context
     * @param nanos a clock like {@link System#nanoTime()}
     */
    AppendPace(
            Function<List<NewMessage>, Future<List<AppendOutcome>>> engine,
            DeliveryPressure pressure,
            LongSupplier nanos,
            Timers timers) {
        this.engine = engine;
        this.pressure = pressure;
        this.nanos = nanos;
        this.timers = timers;
    }

    /** Performs the append now, or when its turn has come. */
    Future<List<AppendOutcome>> append(List<NewMessage> messages, Deadline deadline) {
        update();
        if (held.isEmpty()) {
            if (!tight) {
                return perform(messages);
            }
            if (balance > 0) {
                return charged(messages);
            }
        }
        return hold(messages, deadline);
    }

    /** A claim was answered with these. */
    void claimed(ClaimRequest request, List<ClaimedDelivery> found) {
        pressure.claimed(request, found);
        if (tight) {
            update();
        }
    }

    /** The results of these are stored. */
    void settled(List<Settlement> settlements) {
        pressure.settled(settlements);
        if (tight) {
            balance = Math.min(balance + APPENDED_BY_SETTLED * settlements.size(), MOST_SAVED);
            update();
            while (tight && balance > 0 && !held.isEmpty()) {
                performNext();
            }
            forgetWakeWhenIdle();
        }
    }

    /** Performs all that is held, and holds nothing any more. */
    void stop() {
        stopped = true;
        update();
    }

    /** Degraded while appends are held, and for five seconds after the last one was. */
    RoleHealth.Check health() {
        boolean holding = lastHeldAt != null && (!held.isEmpty() || nanos.getAsLong() - lastHeldAt < TOLD_FOR);
        return holding
                ? new RoleHealth.Check(
                        "acceptance",
                        RoleHealth.Status.DEGRADED,
                        "held back: the processors are busy and deliveries wait")
                : new RoleHealth.Check("acceptance", RoleHealth.Status.HEALTHY, "not held back");
    }

    /** Looks whether there is pressure; when there is none, what is held goes. */
    private void update() {
        boolean high = !stopped && pressure.isHigh();
        if (high && !tight) {
            balance = 0;
        }
        tight = high;
        if (!tight && !held.isEmpty()) {
            while (!held.isEmpty()) {
                performNext();
            }
            forgetWakeWhenIdle();
        }
    }

    private Future<List<AppendOutcome>> hold(List<NewMessage> messages, Deadline deadline) {
        long now = nanos.getAsLong();
        long millis = Math.min(LONGEST_MILLIS, deadline.forNested().remainingMillis() / 2);
        Held one = new Held(messages, Promise.promise(), now + TimeUnit.MILLISECONDS.toNanos(millis));
        held.add(one);
        lastHeldAt = now;
        wakeAt(one.latest(), now);
        return one.promise().future();
    }

    private void performNext() {
        Held next = held.remove();
        // Composed, so that an engine that throws fails this one and not those behind it.
        Future.succeededFuture(next.messages())
                .compose(messages -> tight ? charged(messages) : perform(messages))
                .onComplete(next.promise());
    }

    private Future<List<AppendOutcome>> perform(List<NewMessage> messages) {
        pressure.appended(messages);
        return engine.apply(messages);
    }

    /** Charged by its messages at once, and by the deliveries that they made when that is known. */
    private Future<List<AppendOutcome>> charged(List<NewMessage> messages) {
        int expected = messages.size();
        charge(expected);
        return perform(messages).onComplete(result -> {
            int made = 0;
            if (result.succeeded()) {
                for (AppendOutcome outcome : result.result()) {
                    made += outcome instanceof AppendOutcome.Appended appended ? appended.deliveries() : 0;
                }
            }
            charge(made - expected);
        });
    }

    /** A debt of more than a second pays back is forgiven, since nothing is held longer. */
    private void charge(int deliveries) {
        double deepest = -APPENDED_BY_SETTLED * pressure.settledPerSecond();
        balance = Math.max(Math.min(balance - deliveries, MOST_SAVED), Math.min(balance, deepest));
    }

    private void wakeAt(long at, long now) {
        if (wake != null) {
            if (wake.at() - at <= 0) {
                return;
            }
            timers.cancel(wake.timer());
        }
        // A whole millisecond more than is left of it, so that it never comes early.
        long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(at - now)) + 1;
        wake = new Wake(timers.after(millis, this::wake), at);
    }

    /** Performs what was held long enough, and what was held before it. */
    private void wake() {
        wake = null;
        update();
        long now = nanos.getAsLong();
        while (held.stream().anyMatch(one -> one.latest() - now <= 0)) {
            performNext();
        }
        held.stream().mapToLong(one -> one.latest() - now).min().ifPresent(left -> wakeAt(now + left, now));
    }

    private void forgetWakeWhenIdle() {
        if (held.isEmpty() && wake != null) {
            timers.cancel(wake.timer());
            wake = null;
        }
    }
}
