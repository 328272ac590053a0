package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.Claimed;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims deliveries while slots are free: one claim at a time, so that its size follows the load by itself, and a short
 * pause while only a few are free. A claim that fails is repeated for ever, with pauses up to a second. Verticle context.
 */
final class ClaimLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimLoop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final long COLLECT_MILLIS = 2;

    private final Bus bus;
    private final NodeId node;
    private final LeaseTime lease;
    private final Slots slots;
    private final Deliverer deliverer;
    private final Timers timers;
    private final Backoff backoff;
    private final Promise<Void> stopped = Promise.promise();
    private @Nullable Throwable trouble;
    private boolean underWay;
    private boolean pausing;
    private boolean stopping;

    ClaimLoop(Bus bus, NodeId node, LeaseTime lease, Slots slots, Deliverer deliverer, Timers timers, Backoff backoff) {
        this.bus = bus;
        this.node = node;
        this.lease = lease;
        this.slots = slots;
        this.deliverer = deliverer;
        this.timers = timers;
        this.backoff = backoff;
    }

    void start() {
        slots.onFree(this::look);
        claim();
    }

    /** Claims no more; completes when the claim under way is answered, and what it brought is handed on. */
    Future<Void> stop() {
        stopping = true;
        deliverer.stop();
        if (!underWay) {
            stopped.tryComplete();
        }
        return stopped.future();
    }

    /** Whether claims are answered. */
    RoleHealth.Check health() {
        return trouble == null
                ? new RoleHealth.Check("claims", RoleHealth.Status.HEALTHY, "storage answers")
                : new RoleHealth.Check("claims", RoleHealth.Status.DEGRADED, "storage does not answer claims");
    }

    private void look() {
        if (underWay || pausing || stopping || slots.free() == 0) {
            return;
        }
        if (slots.free() * 8 < slots.total()) {
            pause(COLLECT_MILLIS);
        } else {
            claim();
        }
    }

    private void pause(long millis) {
        pausing = true;
        long unused = timers.after(millis, () -> {
            pausing = false;
            if (!underWay && !stopping && slots.free() > 0) {
                claim();
            }
        });
    }

    private void claim() {
        underWay = true;
        long askedNanos = System.nanoTime();
        ClaimRequest request =
                new ClaimRequest(node, Math.min(slots.free(), ClaimRequest.MAX), lease.whole(), PATIENCE);
        bus.request(Addresses.CLAIM, request, Deadline.after(DEADLINE))
                .onComplete(answer -> answered(answer, askedNanos));
    }

    private void answered(AsyncResult<Claimed> answer, long askedNanos) {
        underWay = false;
        if (answer.failed()) {
            if (trouble == null) {
                LOG.warn("storage does not answer claims, trying on", answer.cause());
            }
            trouble = answer.cause();
            pause(backoff.nextMillis());
        } else {
            if (trouble != null) {
                LOG.info("storage answers claims again");
            }
            trouble = null;
            deliverer.accept(
                    answer.result().deliveries(), askedNanos + lease.toBegin().toNanos());
            if (answer.result().deliveries().isEmpty() && System.nanoTime() - askedNanos < PATIENCE.toNanos() / 2) {
                // A store that is stopping answers at once with nothing.
                pause(backoff.nextMillis());
            } else {
                backoff.reset();
                look();
            }
        }
        if (stopping) {
            stopped.tryComplete();
        }
    }
}
