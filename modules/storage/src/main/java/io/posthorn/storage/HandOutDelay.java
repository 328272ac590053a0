package io.posthorn.storage;

import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.Trigger;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says whether deliveries wait until they are handed out: whether more than half of those of the last two windows of 100 ms
 * did. That a claim came back full or not does not tell it: one endpoint that has as many in flight as it may leaves
 * claims with fewer than they asked for while its queue grows.
 *
 * <p>A first attempt waited when it is handed out 200 ms after it was appended. Messages carry the time at which they
 * came in; how long they took from there to their append, which this role itself makes longer when it holds appends, is
 * taken off by the longest such time of the last one to two seconds, and the difference of two nodes' clocks with it. Of a
 * retry, or an attempt by hand, the time since it was due is not known here: it waited when its claim came back full.
 * Verticle context.
 */
final class HandOutDelay {
    private static final long WAITED_MILLIS = 200;
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WAY_WINDOW = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final InstantSource clock;

    private long windowStart;
    private int handedOut;
    private int waited;

    /** How many windows in a row most deliveries have waited. */
    private int windows;

    private long wayWindowStart;
    private long longestWay = Long.MIN_VALUE;
    private long longestWayBefore = Long.MIN_VALUE;

    HandOutDelay(LongSupplier nanos, InstantSource clock) {
        this.nanos = nanos;
        this.clock = clock;
        this.windowStart = nanos.getAsLong();
        this.wayWindowStart = windowStart;
    }

    /** They go to the store now. */
    void appended(List<NewMessage> messages) {
        if (messages.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - wayWindowStart >= WAY_WINDOW) {
            longestWayBefore = now - wayWindowStart < 2 * WAY_WINDOW ? longestWay : Long.MIN_VALUE;
            longestWay = Long.MIN_VALUE;
            wayWindowStart = now;
        }
        long from = SortableId.epochMillis(messages.get(0).id().value());
        longestWay = Math.max(longestWay, clock.millis() - from);
    }

    /** They were handed out. Answers whether one of them had waited. */
    boolean claimed(ClaimRequest request, List<ClaimedDelivery> found) {
        int late = 0;
        boolean full = found.size() == request.max();
        long way = Math.max(longestWay, longestWayBefore);
        long latest = clock.millis() - WAITED_MILLIS - (way == Long.MIN_VALUE ? 0 : way);
        for (ClaimedDelivery delivery : found) {
            boolean first = delivery.attempt() == 1 && delivery.trigger() == Trigger.SCHEDULED;
            if (first ? delivery.message().createdAt().toEpochMilli() <= latest : full) {
                late++;
            }
        }
        handedOut += found.size();
        waited += late;
        long now = nanos.getAsLong();
        if (now - windowStart >= WINDOW && handedOut > 0) {
            windows = 2L * waited > handedOut ? windows + 1 : 0;
            windowStart = now;
            handedOut = 0;
            waited = 0;
        }
        return late > 0;
    }

    /** Nothing waits, for sure. */
    void reset() {
        windows = 0;
        windowStart = nanos.getAsLong();
        handedOut = 0;
        waited = 0;
    }

    boolean isLong() {
        return windows >= 2;
    }
}
