package io.posthorn.dispatch;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The attempts under way, and their time limit. All may take equally long, so they are late in the order in which they
 * began, and one timer serves all of them: it is set for the oldest when there is one. Verticle context.
 */
final class UnderWay {
    private final Timers timers;
    private final long limitNanos;
    private final Set<Exchange> exchanges = new LinkedHashSet<>();
    private boolean watching;

    /** @param limit how long an attempt may take, everything included */
    UnderWay(Timers timers, Duration limit) {
        this.timers = timers;
        this.limitNanos = limit.toNanos();
    }

    /** Watches an attempt that begins now. */
    void add(Exchange exchange) {
        exchanges.add(exchange);
        if (!watching) {
            watch(limitNanos);
        }
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
    }

    void abortAll() {
        List.copyOf(exchanges).forEach(Exchange::abort);
    }

    private void watch(long nanos) {
        watching = true;
        long unused = timers.after(Math.max(1, (nanos + 999_999) / 1_000_000), this::look);
    }

    private void look() {
        watching = false;
        for (Iterator<Exchange> oldest = exchanges.iterator(); oldest.hasNext(); oldest = exchanges.iterator()) {
            Exchange exchange = oldest.next();
            long left = exchange.startedNanos() + limitNanos - System.nanoTime();
            if (left > 0) {
                watch(left);
                return;
            }
            oldest.remove();
            exchange.expire();
        }
    }
}
