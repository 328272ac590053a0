package io.posthorn.storage.local;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Settlement.Verdict;
import io.posthorn.storage.rows.AttemptRow;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stores the results of claimed deliveries. Store thread. */
final class Settler {
    private final OrderedMap map;
    private final Queues queues;
    private final ExpiryIndex expiry;
    private final SteadyTime time;

    Settler(OrderedMap map, Queues queues, ExpiryIndex expiry, SteadyTime time) {
        this.map = map;
        this.queues = queues;
        this.expiry = expiry;
        this.time = time;
    }

    SettleOutcome settle(Settlement settlement, long now, WriteSet writes) throws IOException {
        Leases.Flight flight = takeFlight(settlement, writes);
        if (flight == null) {
            if (isKnown(settlement.key())) {
                record(settlement.attempt(), now, writes);
            }
            return SettleOutcome.FENCED;
        }
        record(settlement.attempt(), now, writes);
        EndpointQueue queue = flight.queue();
        QueueEntry entry = flight.entry();
        int attempts = settlement.attempt() == null ? entry.attempts() : entry.attempts() + 1;
        Verdict verdict = settlement.verdict();
        writes.delete(Table.QUEUE, Keys.queue(queue.endpoint, entry));
        if (verdict instanceof Verdict.Succeeded) {
            end(queue, settlement.key(), DeliveryState.SUCCEEDED, attempts, now, writes);
        } else if (verdict instanceof Verdict.Exhausted) {
            end(queue, settlement.key(), DeliveryState.FAILED, attempts, now, writes);
        } else if (verdict instanceof Verdict.Cancelled || queue.ledger.removed()) {
            end(queue, settlement.key(), DeliveryState.CANCELLED, attempts, now, writes);
        } else if (verdict instanceof Verdict.Retry retry) {
            long due = time.steady(retry.at());
            wait(queue, new QueueEntry(QueueClass.RETRY, due, entry.message(), attempts, entry.trigger()), now, writes);
        } else if (verdict instanceof Verdict.Deferred deferred) {
            long due = time.steady(deferred.until());
            QueueEntry later = new QueueEntry(entry.queueClass(), due, entry.message(), attempts, entry.trigger());
            if (later.equals(entry)) {
                queues.leases.leaveOut(settlement.key(), flight.lease(), writes);
            }
            wait(queue, later, now, writes);
        }
        queue.learn(settlement.attempt());
        if (settlement.circuit() != null) {
            queue.circuit(
                    settlement.circuit(), time.steadyOrZero(settlement.circuit().until()));
            queues.touch(queue);
        }
        queues.schedule(queue, now);
        return SettleOutcome.SETTLED;
    }

    /** The flight that the settlement ends, taken out of what is in flight or of its queue; null when it is fenced. */
    private Leases.@Nullable Flight takeFlight(Settlement settlement, WriteSet writes) {
        Leases.Flight flight = queues.leases.find(settlement.key());
        if (flight == null) {
            Leases.Flight overdue = queues.leases.takeOverdue(settlement.key(), settlement.fence(), writes);
            if (overdue != null) {
                overdue.queue().window(overdue.entry().queueClass()).remove(overdue.entry());
            }
            return overdue;
        }
        if (flight.lease().fence() != settlement.fence()) {
            return null;
        }
        queues.leases.release(settlement.key(), flight, writes);
        return flight;
    }

    private void end(
            EndpointQueue queue, DeliveryKey key, DeliveryState state, int attempts, long now, WriteSet writes) {
        writes.put(
                Table.DELIVERY,
                Keys.delivery(key.endpoint(), key.message()),
                DeliveryRow.ended(state, attempts, now).encode());
        queues.count(
                queue,
                0,
                state == DeliveryState.SUCCEEDED ? 1 : 0,
                state == DeliveryState.FAILED ? 1 : 0,
                state == DeliveryState.CANCELLED ? 1 : 0);
    }

    private static void wait(EndpointQueue queue, QueueEntry entry, long now, WriteSet writes) {
        writes.put(Table.QUEUE, Keys.queue(queue.endpoint, entry), entry.value());
        writes.put(
                Table.DELIVERY,
                Keys.delivery(queue.endpoint, entry.message()),
                DeliveryRow.waiting(entry, now).encode());
        queue.window(entry.queueClass()).offer(entry);
    }

    /** Whether the message is still there: a result that is very late must not outlive it. */
    private boolean isKnown(DeliveryKey key) throws IOException {
        return map.get(Table.MESSAGE, Keys.message(key.application(), key.message())) != null;
    }

    private void record(@Nullable Attempt attempt, long now, WriteSet writes) {
        if (attempt == null) {
            return;
        }
        DeliveryKey key = attempt.delivery();
        writes.put(Table.ATTEMPT, Keys.attempt(key.message(), attempt.id()), AttemptRow.encode(attempt));
        writes.put(
                Table.ATTEMPT_OF_ENDPOINT,
                Keys.attemptOfEndpoint(key.endpoint(), attempt.id()),
                Keys.bare(key.message().value()));
        expiry.stored(attempt, now, writes);
    }
}
