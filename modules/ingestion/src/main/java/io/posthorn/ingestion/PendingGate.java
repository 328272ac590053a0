package io.posthorn.ingestion;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RoleHealth;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the messages of this node that were handed in and are not yet durable; beyond the limit more are refused. One
 * instance a node, shared by all event loops. Safe for use by several threads.
 */
public final class PendingGate {
    private final int limit;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicBoolean shown = new AtomicBoolean();

    /** At most that many at a time. */
    public PendingGate(int limit) {
        this.limit = limit;
    }

    /**
     * Counts one more; {@link #leave()} must follow once.
     *
     * @throws PosthornException OVERLOADED when it is full
     */
    void enter() {
        if (pending.incrementAndGet() > limit) {
            leave();
            throw new PosthornException(
                    ErrorCode.OVERLOADED, "as many messages are waiting to be stored as may be; try again");
        }
    }

    void leave() {
        pending.decrementAndGet();
    }

    /** How many are under way. */
    public int pending() {
        return pending.get();
    }

    int limit() {
        return limit;
    }

    /** Registers the gauge of this gate, once for all event loops. */
    void show(MeterRegistry registry) {
        if (shown.compareAndSet(false, true)) {
            Gauge.builder("posthorn.messages.pending", this, PendingGate::pending)
                    .description("Messages of this node that are not stored yet")
                    .register(registry);
        }
    }

    /** Degraded when four fifths of the limit are used. */
    RoleHealth.Check health() {
        int now = pending();
        return new RoleHealth.Check(
                "pending",
                now * 5L > limit * 4L ? RoleHealth.Status.DEGRADED : RoleHealth.Status.HEALTHY,
                now + " of " + limit + " messages are not stored yet");
    }
}
