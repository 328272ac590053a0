package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.rows.AttemptRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people and other roles do to queues and histories beside the normal way of a delivery. Store thread. */
final class Steward {
    /** Deliveries cancelled in one sweep. */
    static final int CANCEL_BATCH = 1_000;

    private final OrderedMap map;
    private final DirectoryCache directory;
    private final MessageCache messages;
    private final Queues queues;
    private final SteadyTime time;

    /** The day before which idempotency keys were forgotten already. */
    private int keysKeptFrom;

    Steward(OrderedMap map, DirectoryCache directory, MessageCache messages, Queues queues, SteadyTime time) {
        this.map = map;
        this.directory = directory;
        this.messages = messages;
        this.queues = queues;
        this.time = time;
    }

    void control(QueueControl control, long now) throws IOException {
        if (directory.endpoint(control.application(), control.endpoint()) == null) {
            return;
        }
        EndpointQueue queue = queues.of(control.application(), control.endpoint());
        if (control instanceof QueueControl.Park park) {
            long until = time.steady(park.until());
            if (until > queue.ledger.parkedUntil()) {
                queue.ledger = queue.ledger.parked(until, park.cause(), park.firstBatch());
            }
        } else if (control instanceof QueueControl.Limit limit) {
            queue.limit(limit.inFlight());
        } else if (control instanceof QueueControl.SetCircuit set) {
            queue.circuit(set.circuit(), time.steadyOrZero(set.circuit().until()));
        } else {
            queue.ledger = queue.ledger.parked(0, WaitCause.READY, 0);
        }
        queues.touch(queue);
        queues.schedule(queue, now);
    }

    void resend(DeliveryKey key, long now, WriteSet writes) throws IOException {
        MessageRow row = messages.row(key.application(), key.message(), now);
        if (row == null || directory.endpoint(key.application(), key.endpoint()) == null) {
            throw notFound();
        }
        if (row.message().payload() == null) {
            throw new PosthornException(ErrorCode.MISSING_PAYLOAD, "the payload of this message is gone");
        }
        if (queues.leases.holds(key)) {
            return;
        }
        EndpointQueue queue = queues.of(key.application(), key.endpoint());
        DeliveryRow delivery = delivery(row, key);
        if (delivery == null) {
            writes.put(
                    Table.MESSAGE,
                    Keys.message(key.application(), key.message()),
                    row.withEndpoint(key.endpoint()).encode());
            queues.count(queue, 1, 0, 0, 0);
            queueAtFront(queue, new QueueEntry(QueueClass.FIRST, now, key.message(), 0, Trigger.MANUAL), now, writes);
        } else if (delivery.state().isEnd()) {
            queues.count(
                    queue,
                    0,
                    delivery.state() == DeliveryState.SUCCEEDED ? -1 : 0,
                    delivery.state() == DeliveryState.FAILED ? -1 : 0,
                    delivery.state() == DeliveryState.CANCELLED ? -1 : 0);
            QueueEntry entry =
                    new QueueEntry(QueueClass.FIRST, now, key.message(), delivery.attempts(), Trigger.MANUAL);
            queueAtFront(queue, entry, now, writes);
        } else {
            QueueEntry old = waitingEntry(key, delivery);
            queues.leases.forgetOverdue(key, writes);
            queues.lookUpHeads(queue);
            QueueEntry head = queue.first.head();
            writes.delete(Table.QUEUE, Keys.queue(key.endpoint(), old));
            queue.window(old.queueClass()).remove(old);
            long due = head == null ? Math.min(now, old.due()) : Math.min(now, head.due() - 1);
            queueAtFront(
                    queue,
                    new QueueEntry(QueueClass.FIRST, due, key.message(), old.attempts(), old.trigger()),
                    now,
                    writes);
        }
    }

    void expunge(Requests.ExpungeMessage request, long now, WriteSet writes) throws IOException {
        MessageRow row = messages.row(request.application(), request.message(), now);
        if (row == null) {
            throw notFound();
        }
        Message bare = row.message().withoutPayload();
        writes.put(
                Table.MESSAGE,
                Keys.message(request.application(), request.message()),
                row.withMessage(bare).encode());
        messages.remove(request.message());
    }

    void expunge(Requests.ExpungeAttempt request, WriteSet writes) throws IOException {
        byte[] key = Keys.attempt(request.message(), request.attempt());
        byte[] row = map.get(Table.ATTEMPT, key);
        Attempt attempt = row == null ? null : AttemptRow.decode(request.message(), request.attempt(), row);
        if (attempt == null || !attempt.delivery().application().equals(request.application())) {
            throw notFound();
        }
        writes.put(Table.ATTEMPT, key, AttemptRow.encode(AttemptRow.expunged(attempt)));
    }

    /** Nothing of a removed endpoint is handed out any more; {@link #cancelSome} does the rest. */
    void endpointRemoved(ApplicationId application, EndpointId endpoint) throws IOException {
        queues.removed(queues.of(application, endpoint));
    }

    /** Cancels a bounded number of deliveries of removed endpoints; answers whether more are left. */
    boolean cancelSome(long now, WriteSet writes) throws IOException {
        int left = CANCEL_BATCH;
        for (int endpoints = queues.toCancelCount(); endpoints > 0 && left > 0; endpoints--) {
            left -= cancel(queues.nextToCancel(), left, now, writes);
        }
        return left == 0;
    }

    private int cancel(EndpointQueue queue, int most, long now, WriteSet writes) throws IOException {
        List<QueueEntry> waiting = new ArrayList<>();
        byte[] prefix = Keys.queue(queue.endpoint);
        map.scan(Table.QUEUE, prefix, Keys.after(prefix), false, (key, value) -> {
            QueueEntry entry = Keys.queueEntry(key, value);
            if (!queues.leases.holds(new DeliveryKey(queue.application, queue.endpoint, entry.message()))) {
                waiting.add(entry);
            }
            return waiting.size() < most;
        });
        for (QueueEntry entry : waiting) {
            queues.leases.forgetOverdue(new DeliveryKey(queue.application, queue.endpoint, entry.message()), writes);
            writes.delete(Table.QUEUE, Keys.queue(queue.endpoint, entry));
            writes.put(
                    Table.DELIVERY,
                    Keys.delivery(queue.endpoint, entry.message()),
                    DeliveryRow.ended(DeliveryState.CANCELLED, entry.attempts(), now)
                            .encode());
        }
        queues.count(queue, 0, 0, 0, waiting.size());
        queues.cancelledSome(queue, waiting.size() < most && queue.inFlight == 0);
        return waiting.size();
    }

    /** Forgets idempotency keys of days that have passed. */
    void dropOldKeys(long now, WriteSet writes) {
        int lastKept = IdempotencyRow.day(now) - 1;
        if (lastKept > keysKeptFrom) {
            keysKeptFrom = lastKept;
            writes.deleteRange(Table.IDEMPOTENCY, Keys.day(0), Keys.day(lastKept));
        }
    }

    private void queueAtFront(EndpointQueue queue, QueueEntry entry, long now, WriteSet writes) throws IOException {
        writes.put(Table.QUEUE, Keys.queue(queue.endpoint, entry), entry.value());
        writes.put(
                Table.DELIVERY,
                Keys.delivery(queue.endpoint, entry.message()),
                DeliveryRow.waiting(entry, now).encode());
        queue.first.offer(entry);
        queues.schedule(queue, now);
    }

    private @Nullable DeliveryRow delivery(MessageRow message, DeliveryKey key) throws IOException {
        byte[] row = map.get(Table.DELIVERY, Keys.delivery(key.endpoint(), key.message()));
        if (row != null) {
            return DeliveryRow.decode(row);
        }
        return message.endpoints().contains(key.endpoint()) ? DeliveryRow.untried(message.appendedAt()) : null;
    }

    private QueueEntry waitingEntry(DeliveryKey key, DeliveryRow delivery) throws IOException {
        QueueEntry place = new QueueEntry(
                delivery.queueClass(), delivery.due(), key.message(), delivery.attempts(), Trigger.SCHEDULED);
        byte[] value = map.get(Table.QUEUE, Keys.queue(key.endpoint(), place));
        if (value == null) {
            throw new IOException("delivery " + key + " waits but does not stand in its queue");
        }
        return QueueEntry.of(place.queueClass(), place.due(), place.message(), value);
    }

    private static PosthornException notFound() {
        return new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
    }
}
