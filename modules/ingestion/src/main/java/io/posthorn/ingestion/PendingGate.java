package io.posthorn.ingestion;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RoleHealth;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the messages of this node that were handed in and are not yet durable, and the bytes of all request bodies that
 * it holds; beyond either limit more are refused. One instance a node, shared by all event loops. Safe for use by several
 * threads.
 */
public final class PendingGate {
    private final int limit;
    private final long maxBytes;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean shown = new AtomicBoolean();

    /** At most that many messages, and bodies of that many bytes together, at a time. */
    public PendingGate(int limit, long maxBytes) {
        this.limit = limit;
        this.maxBytes = maxBytes;
    }

    /**
     * Counts bytes of a body that is held; {@link #release} must follow with as many.
     *
     * @throws PosthornException OVERLOADED when the bodies of all requests take as much as they may; nothing is counted
     */
    void hold(int length) {
        if (bytes.addAndGet(length) > maxBytes) {
            release(length);
            throw new PosthornException(
                    ErrorCode.OVERLOADED, "the requests under way take as much memory as they may; try again");
        }
    }

    void release(long length) {
        bytes.addAndGet(-length);
    }

    /** Bytes of bodies that are held. */
    long heldBytes() {
        return bytes.get();
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
