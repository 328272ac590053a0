package io.posthorn.storage.local;

import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.ClaimAnswer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out due deliveries, a quantum an endpoint and turn. Runs only while no write is pending, so that the map and
 * memory agree. Store thread.
 */
final class Claimer {
    /** Deliveries of one endpoint in one turn. */
    static final int QUANTUM = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);

    private static final int MIN_TURNS = 256;

    /** Of payloads in one claim, as they travel to another node: once for each delivery. The last one may go beyond it. */
    private static final int MAX_BYTES = 1 << 20;

    private final Queues queues;
    private final MessageCache messages;
    private final Fences fences;
    private final SteadyTime time;

    /** What the last claim said about the next one. */
    private long said = EndpointQueue.NEVER;

    Claimer(Queues queues, MessageCache messages, Fences fences, SteadyTime time) {
        this.queues = queues;
        this.messages = messages;
        this.fences = fences;
        this.time = time;
    }

    ClaimAnswer claim(ClaimRequest request, long now, WriteSet writes) throws IOException {
        putBackExpired(now, writes);
        queues.wake(now);
        Hand hand = new Hand(request, now, fences.next(writes), writes);
        List<EndpointQueue> served = new ArrayList<>();
        // Turns that find nothing are bounded too: a node that just started may have to look up many heads.
        int turns = Math.max(MIN_TURNS, 2 * request.max());
        while (hand.room() > 0 && turns-- > 0) {
            EndpointQueue queue = queues.ring.take();
            if (queue == null) {
                break;
            }
            int firstBatch = queue.ledger.firstBatch();
            if (firstBatch > 0 && queue.parkedUntil(now) == 0) {
                int room = hand.room();
                take(queue, Math.min(QUANTUM, firstBatch), hand);
                if (hand.room() < room) {
                    queue.ledger = queue.ledger.parked(0, WaitCause.READY, 0);
                    queues.touch(queue);
                    served.add(queue);
                    continue;
                }
            } else {
                take(queue, QUANTUM, hand);
            }
            queues.schedule(queue, now);
        }
        for (EndpointQueue queue : served) {
            queues.schedule(queue, now);
        }
        queues.leases.grant(hand.lease, writes);
        return new ClaimAnswer(hand.claimed, nextAt(now));
    }

    /** Leases that have ended: their deliveries wait again, as they were. */
    void putBackExpired(long now, WriteSet writes) throws IOException {
        putBack(queues.leases.expire(now, writes), now);
    }

    /** Leases of a node that is gone: the same. */
    void putBackOf(NodeId node, long now, WriteSet writes) throws IOException {
        putBack(queues.leases.release(node, writes), now);
    }

    private void putBack(List<Leases.Flight> ended, long now) throws IOException {
        for (Leases.Flight flight : ended) {
            EndpointQueue queue = flight.queue();
            queue.window(flight.entry().queueClass()).offer(flight.entry());
            queues.schedule(queue, now);
        }
    }

    private void take(EndpointQueue queue, int batch, Hand hand) throws IOException {
        queues.ensureSettings(queue);
        Endpoint settings = queue.settings;
        if (settings == null || !queue.isEnabled() || queue.parkedUntil(hand.now) > 0) {
            return;
        }
        int room = Math.min(Math.min(batch, queue.limit() - queue.inFlight), hand.room());
        @Nullable Integer rate = room > 0 ? queues.rateOf(queue.application) : null;
        int taken = 0;
        while (taken < room && hand.room() > 0) {
            queues.lookUpHeads(queue);
            QueueEntry entry = queue.pollDue(hand.now);
            if (entry == null) {
                break;
            }
            Message message = messages.take(queue.application, entry.message(), hand.now);
            if (message == null) {
                LOG.error("{} waits for {} but is not in the store: cancelled", entry.message(), queue.endpoint);
            }
            if (message == null || message.payload() == null) {
                cancel(queue, entry, hand);
            } else {
                hand.add(queue, settings, entry, message, rate);
                taken++;
            }
        }
    }

    /** Its payload is gone: there is nothing to send any more. */
    private void cancel(EndpointQueue queue, QueueEntry entry, Hand hand) {
        hand.writes.delete(Table.QUEUE, Keys.queue(queue.endpoint, entry));
        hand.writes.put(
                Table.DELIVERY,
                Keys.delivery(queue.endpoint, entry.message()),
                DeliveryRow.ended(DeliveryState.CANCELLED, entry.attempts(), hand.now)
                        .encode());
        queues.count(queue, 0, 0, 0, 1);
    }

    private @Nullable Instant nextAt(long now) {
        said = queues.nextClaimable();
        return said == EndpointQueue.NEVER ? null : time.wall(Math.max(said, now));
    }

    /** Whether something became claimable earlier than the last claim said; asked once, it is said. */
    boolean hasNews() {
        long next = queues.nextClaimable();
        boolean earlier = next < said;
        said = Math.min(said, next);
        return earlier;
    }

    /** The deliveries of one claim, gathered. */
    private final class Hand {
        private final int max;
        private final long now;
        private final WriteSet writes;
        private final Lease lease;
        private final List<ClaimedDelivery> claimed = new ArrayList<>();
        private long bytes;

        Hand(ClaimRequest request, long now, long fence, WriteSet writes) {
            this.max = request.max();
            this.now = now;
            this.writes = writes;
            this.lease =
                    new Lease(fence, request.node(), now, now + request.lease().toMillis());
        }

        int room() {
            return bytes >= MAX_BYTES ? 0 : max - claimed.size();
        }

        void add(EndpointQueue queue, Endpoint settings, QueueEntry entry, Message message, @Nullable Integer rate) {
            DeliveryKey key = new DeliveryKey(queue.application, queue.endpoint, entry.message());
            queues.leases.hold(lease, new Lease.Held(key, entry), queue, writes);
            Buffer payload = message.payload();
            bytes += payload == null ? 0 : payload.length();
            claimed.add(new ClaimedDelivery(
                    key,
                    lease.fence(),
                    time.wall(lease.until()),
                    entry.attempts() + 1,
                    entry.trigger(),
                    message,
                    settings,
                    queue.ledger.circuit(),
                    rate));
        }
    }
}
