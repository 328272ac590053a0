package io.posthorn.storage.local;

import io.posthorn.contract.Attempt;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.rows.AttemptRow;
import io.posthorn.storage.rows.TaskRow;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes items of another store in, beside what is there. Items of one kind at a time, alone in their group; what is
 * there already is passed over. Store thread.
 */
final class ItemWriter {
    private final OrderedMap map;
    private final DirectoryReader directory;
    private final DirectoryWriter directoryWriter;
    private final Queues queues;
    private final TaskRunner tasks;
    private final ExpiryIndex expiry;
    private final StoreIdentity identity;
    private final SteadyTime time;

    ItemWriter(
            OrderedMap map,
            DirectoryReader directory,
            DirectoryWriter directoryWriter,
            Queues queues,
            TaskRunner tasks,
            ExpiryIndex expiry,
            StoreIdentity identity,
            SteadyTime time) {
        this.map = map;
        this.directory = directory;
        this.directoryWriter = directoryWriter;
        this.queues = queues;
        this.tasks = tasks;
        this.expiry = expiry;
        this.identity = identity;
        this.time = time;
    }

    /** Answers a line for each thing that had to be changed to fit. */
    List<String> write(String source, List<StoredItem> items, long now, WriteSet writes) throws IOException {
        List<String> changes = new ArrayList<>();
        Group group = new Group(source, now, writes, changes);
        for (StoredItem item : items) {
            group.add(item);
        }
        for (EndpointQueue queue : group.touched) {
            queues.schedule(queue, now);
        }
        return changes;
    }

    /** The items of one write set. */
    private final class Group {
        private final String source;
        private final long now;
        private final WriteSet writes;
        private final List<String> changes;
        private final DirectoryMerge merge = new DirectoryMerge(map, directoryWriter);
        private final Set<EndpointQueue> touched = new LinkedHashSet<>();
        private final Set<MessageId> newMessages = new HashSet<>();
        private final Set<String> newEventIds = new HashSet<>();

        Group(String source, long now, WriteSet writes, List<String> changes) {
            this.source = source;
            this.now = now;
            this.writes = writes;
            this.changes = changes;
        }

        void add(StoredItem item) throws IOException {
            if (item instanceof StoredItem.OfEntity of) {
                merge.add(of.entity(), now, writes, changes);
            } else if (item instanceof StoredItem.OfQueue of) {
                add(of);
            } else if (item instanceof StoredItem.OfMessage of) {
                add(of);
            } else if (item instanceof StoredItem.OfKey of) {
                add(of);
            } else if (item instanceof StoredItem.OfTask of) {
                add(of);
            }
        }

        private void add(StoredItem.OfQueue given) throws IOException {
            EndpointQueue queue = queues.of(given.application(), given.endpoint());
            touched.add(queue);
            Instant until = given.parkedUntil();
            if (until != null && time.steady(until) > queue.ledger.parkedUntil()) {
                queue.ledger = queue.ledger.parked(time.steady(until), given.parkCause(), given.firstBatch());
                queues.touch(queue);
            }
            if (given.circuit() != null && queue.ledger.circuit() == null) {
                queue.ledger = queue.ledger.withCircuit(given.circuit());
                queues.touch(queue);
            }
            Ledger.Gone gone = new Ledger.Gone(given.succeededGone(), given.failedGone(), given.cancelledGone());
            if (gone.all() > 0 && !identity.isCounted(source, given.endpoint(), writes)) {
                queues.count(queue, gone.all(), gone.succeeded(), gone.failed(), gone.cancelled());
                queue.ledger = queue.ledger.withGone(gone);
            }
            if (given.removed() && directory.endpoint(given.application(), given.endpoint()) == null) {
                queues.removed(queue);
            }
        }

        private void add(StoredItem.OfMessage given) throws IOException {
            Message message = given.message();
            byte[] key = Keys.message(message.application(), message.id());
            if (!newMessages.add(message.id()) || map.get(Table.MESSAGE, key) != null) {
                return;
            }
            String eventId = message.eventId();
            if (eventId != null && !isFree(message, eventId)) {
                changes.add(message.id() + ": its eventId " + eventId
                        + " belongs to another message here, so it has none now");
                message = new Message(
                        message.id(),
                        message.application(),
                        message.eventType(),
                        null,
                        message.channels(),
                        message.createdAt(),
                        message.contentExpiresAt(),
                        message.payload());
            }
            long appendedAt = appendedAt(given);
            List<EndpointId> endpoints = new ArrayList<>(given.deliveries().size());
            for (StoredItem.OpenOrEnded one : given.deliveries()) {
                endpoints.add(one.delivery().key().endpoint());
                add(one, appendedAt);
            }
            writes.put(Table.MESSAGE, key, new MessageRow(message, appendedAt, endpoints).encode());
            expiry.stored(message, now, writes);
            for (Attempt attempt : given.attempts()) {
                add(attempt);
            }
        }

        private boolean isFree(Message message, String eventId) throws IOException {
            byte[] key = Keys.eventId(message.application(), eventId);
            if (!newEventIds.add(Keys.text(key, 0, key.length)) || map.get(Table.EVENT_ID, key) != null) {
                return false;
            }
            writes.put(Table.EVENT_ID, key, Keys.bare(message.id().value()));
            return true;
        }

        /** When those became due that were never tried nor deferred, and so need no row. */
        private long appendedAt(StoredItem.OfMessage given) {
            for (StoredItem.OpenOrEnded one : given.deliveries()) {
                Instant due = one.delivery().dueAt();
                if (due != null && one.firstClass() && one.delivery().attempts() == 0) {
                    return time.steady(due);
                }
            }
            return time.steady(given.message().createdAt());
        }

        private void add(StoredItem.OpenOrEnded given, long appendedAt) throws IOException {
            Delivery delivery = given.delivery();
            DeliveryKey name = delivery.key();
            EndpointQueue queue = queues.of(name.application(), name.endpoint());
            touched.add(queue);
            DeliveryState state = delivery.state();
            long changedAt = time.steady(delivery.changedAt());
            Instant due = delivery.dueAt();
            DeliveryRow row;
            if (state.isEnd()) {
                row = DeliveryRow.ended(state, delivery.attempts(), changedAt);
            } else {
                QueueEntry entry = new QueueEntry(
                        given.firstClass() ? QueueClass.FIRST : QueueClass.RETRY,
                        due == null ? now : time.steady(due),
                        name.message(),
                        delivery.attempts(),
                        given.trigger());
                writes.put(Table.QUEUE, Keys.queue(queue.endpoint, entry), entry.value());
                queue.window(entry.queueClass()).offer(entry);
                row = DeliveryRow.waiting(entry, changedAt);
            }
            if (!row.equals(DeliveryRow.untried(appendedAt)) || given.trigger() != Trigger.SCHEDULED) {
                writes.put(Table.DELIVERY, Keys.delivery(queue.endpoint, name.message()), row.encode());
            }
            queues.count(
                    queue,
                    1,
                    state == DeliveryState.SUCCEEDED ? 1 : 0,
                    state == DeliveryState.FAILED ? 1 : 0,
                    state == DeliveryState.CANCELLED ? 1 : 0);
            if (!state.isEnd() && (queue.ledger.removed() || isGone(queue))) {
                queues.removed(queue);
            }
        }

        /** Whether nobody would ever move its deliveries on, since its endpoint is not here. */
        private boolean isGone(EndpointQueue queue) throws IOException {
            queues.ensureSettings(queue);
            return queue.settings == null;
        }

        private void add(Attempt attempt) {
            DeliveryKey key = attempt.delivery();
            writes.put(Table.ATTEMPT, Keys.attempt(key.message(), attempt.id()), AttemptRow.encode(attempt));
            writes.put(
                    Table.ATTEMPT_OF_ENDPOINT,
                    Keys.attemptOfEndpoint(key.endpoint(), attempt.id()),
                    Keys.bare(key.message().value()));
            expiry.stored(attempt, now, writes);
        }

        private void add(StoredItem.OfKey given) throws IOException {
            long usedAt = time.steady(given.usedAt());
            boolean isOver = IdempotencyRow.day(usedAt) < IdempotencyRow.day(now) - 1;
            if (!isOver && IdempotencyRow.find(map, given.key(), now) == null) {
                IdempotencyRow.of(given).put(given.key(), Math.min(usedAt, now), writes);
            }
        }

        private void add(StoredItem.OfTask given) throws IOException {
            byte[] key = TaskKeys.task(given.task().organization(), given.task().id());
            if (map.get(Table.TASK, key) == null) {
                MessageId lookedAt = given.lookedAt();
                tasks.add(new TaskRow(given.task(), lookedAt == null ? null : lookedAt.value()), now, writes);
            }
        }
    }
}
