package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.WaitCause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks queues, one request for all of a turn. A request that fails is repeated until the time to wait for has come; at
 * most {@value #MAX_WAITING} are kept, and what is forgotten costs an attempt that the receiver will refuse again.
 * Verticle context.
 */
final class Parking {
    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);
    private static final int MAX_WAITING = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Bus bus;
    private final Timers timers;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Map<EndpointId, QueueControl.Park> waiting = new LinkedHashMap<>();
    private boolean busy;

    Parking(Bus bus, Timers timers, InstantSource clock, Backoff backoff) {
        this.bus = bus;
        this.timers = timers;
        this.clock = clock;
        this.backoff = backoff;
    }

    /** The queue of the endpoint waits until then. */
    void park(Endpoint endpoint, Instant until, WaitCause cause, int firstBatch) {
        add(new QueueControl.Park(endpoint.application(), endpoint.id(), until, cause, Math.max(1, firstBatch)));
        if (!busy) {
            busy = true;
            timers.atEndOfTurn(this::flush);
        }
    }

    private void add(QueueControl.Park park) {
        if (waiting.size() < MAX_WAITING) {
            waiting.merge(park.endpoint(), park, (one, other) -> one.until().isAfter(other.until()) ? one : other);
        }
    }

    private void flush() {
        Instant now = clock.instant();
        List<QueueControl> controls = waiting.values().stream()
                .filter(park -> park.until().isAfter(now))
                .<QueueControl>map(park -> park)
                .toList();
        List<QueueControl.Park> parks = List.copyOf(waiting.values());
        waiting.clear();
        if (controls.isEmpty()) {
            busy = false;
            return;
        }
        bus.request(Addresses.CONTROL, new Batches.Controls(controls), Deadline.after(PATIENCE))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        backoff.reset();
                        flush();
                    } else {
                        LOG.warn("{} queues could not be parked yet", controls.size(), done.cause());
                        parks.forEach(this::add);
                        long unused = timers.after(backoff.nextMillis(), this::flush);
                    }
                });
    }
}
