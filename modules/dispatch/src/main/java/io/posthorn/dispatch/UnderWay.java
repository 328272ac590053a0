package io.posthorn.dispatch;

import io.posthorn.contract.EndpointId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The attempts under way, and their time limit. All may take equally long, so they become slow, and late, in the order in
 * which they began, and one timer serves all of them: it is set for the oldest when there is one, and never for later than
 * what begins in the meantime may become slow. Verticle context.
 */
final class UnderWay {
    /** An attempt that takes longer makes its endpoint a slow one. */
    static final Duration SLOW = Duration.ofSeconds(1);

    private final Timers timers;
    private final long slowNanos;
    private final long limitNanos;
    private final LongSupplier nanoTime;
    private final SlowReceivers receivers;
    private final Set<Timed> young = new LinkedHashSet<>();
    private final Set<Timed> slow = new LinkedHashSet<>();
    private boolean watching;

    /** What is watched. */
    interface Timed {
        EndpointId endpoint();

        /** When it began, by the same clock as this. */
        long startedNanos();

        /** Its time is over. */
        void expire();

        /** Breaks it off. */
        void abort();
    }

    /**
     * @param limit how long an attempt may take, everything included
     * @param nanoTime as {@link System#nanoTime()}
     */
    UnderWay(Timers timers, Duration limit, LongSupplier nanoTime, SlowReceivers receivers) {
        this.timers = timers;
        this.limitNanos = limit.toNanos();
        this.slowNanos = Math.min(SLOW.toNanos(), limitNanos);
        this.nanoTime = nanoTime;
        this.receivers = receivers;
    }

    /** Watches an attempt that begins now. */
    void add(Timed attempt) {
        young.add(attempt);
        receivers.began(attempt.endpoint());
        if (!watching) {
            watch(slowNanos);
        }
    }

    /** It is over. */
    void remove(Timed attempt) {
        if (young.remove(attempt)) {
            receivers.ended(attempt.endpoint(), false);
        } else if (slow.remove(attempt)) {
            receivers.ended(attempt.endpoint(), true);
        }
    }

    /** Whether its endpoint is slow, and the slow ones have as many attempts under way as they may. */
    boolean mustWait(EndpointId endpoint) {
        return receivers.mustWait(endpoint);
    }

    void abortAll() {
        List<Timed> all = new ArrayList<>(slow);
        all.addAll(young);
        all.forEach(Timed::abort);
    }

    private void watch(long nanos) {
        watching = true;
        long unused = timers.after(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999)), this::look);
    }

    private void look() {
        watching = false;
        long left = Long.MAX_VALUE;
        while (!young.isEmpty()) {
            Timed oldest = young.iterator().next();
            left = oldest.startedNanos() + slowNanos - nanoTime.getAsLong();
            if (left > 0) {
                break;
            }
            left = Long.MAX_VALUE;
            young.remove(oldest);
            slow.add(oldest);
            receivers.slowed(oldest.endpoint());
        }
        while (!slow.isEmpty()) {
            Timed oldest = slow.iterator().next();
            long leftOfLimit = oldest.startedNanos() + limitNanos - nanoTime.getAsLong();
            if (leftOfLimit > 0) {
                left = Math.min(left, leftOfLimit);
                break;
            }
            remove(oldest);
            oldest.expire();
        }
        // What expires may begin others, which set the timer.
        if (left < Long.MAX_VALUE && !watching) {
            watch(Math.min(left, slowNanos));
        }
    }
}
