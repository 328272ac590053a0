package io.posthorn.storage.local;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.Trigger;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores messages with one delivery for each endpoint that wants them. Store thread. */
final class Appender {
    private final OrderedMap map;
    private final DirectoryCache directory;
    private final MessageCache messages;
    private final Queues queues;
    private final ExpiryIndex expiry;

    /** What the group being built has taken, since its rows cannot be read yet. */
    private final Map<MessageId, Message> newIds = new HashMap<>();

    private final Map<String, Taken> newKeys = new HashMap<>();
    private final Map<EventName, MessageId> newEventIds = new HashMap<>();

    private record Taken(String bodyDigest, Message message) {}

    private record EventName(String application, String eventId) {}

    Appender(OrderedMap map, DirectoryCache directory, MessageCache messages, Queues queues, ExpiryIndex expiry) {
        this.map = map;
        this.directory = directory;
        this.messages = messages;
        this.queues = queues;
        this.expiry = expiry;
    }

    AppendOutcome append(NewMessage wanted, long now, WriteSet writes) throws IOException {
        Application application = directory.application(wanted.organization(), wanted.application());
        if (application == null) {
            return new AppendOutcome.NoSuchApplication();
        }
        AppendOutcome before = madeBefore(wanted, application, now);
        if (before != null) {
            return before;
        }
        List<Endpoint> endpoints;
        if (wanted.onlyEndpoint() == null) {
            endpoints = directory.subscriptions(application.id()).matching(wanted.eventType(), wanted.channels());
        } else {
            Endpoint only = directory.endpoint(application.id(), wanted.onlyEndpoint());
            if (only == null) {
                return new AppendOutcome.NoSuchApplication();
            }
            endpoints = List.of(only);
        }
        Message message = message(wanted, application);
        store(wanted, message, endpoints, now, writes);
        return new AppendOutcome.Appended(message, endpoints.size());
    }

    /** The group is written: its rows can be read now. */
    void groupDone() {
        newIds.clear();
        newKeys.clear();
        newEventIds.clear();
    }

    private @Nullable AppendOutcome madeBefore(NewMessage wanted, Application application, long now)
            throws IOException {
        IdempotencyKey key = wanted.idempotencyKey();
        if (key != null) {
            Taken inGroup = newKeys.get(key.digest());
            if (inGroup != null) {
                return inGroup.bodyDigest().equals(key.bodyDigest())
                        ? new AppendOutcome.Repeated(inGroup.message())
                        : new AppendOutcome.KeyReused();
            }
            IdempotencyRow row = IdempotencyRow.find(map, key, now);
            if (row != null) {
                return repeated(row, key, now);
            }
        }
        Message sameId = newIds.get(wanted.id());
        if (sameId == null) {
            MessageRow row = messages.row(application.id(), wanted.id(), now);
            sameId = row == null ? null : row.message();
        }
        if (sameId != null) {
            return new AppendOutcome.Repeated(sameId);
        }
        String eventId = wanted.eventId();
        if (eventId != null
                && (newEventIds.containsKey(new EventName(application.id().value(), eventId))
                        || map.get(Table.EVENT_ID, Keys.eventId(application.id(), eventId)) != null)) {
            return new AppendOutcome.EventIdTaken(eventId);
        }
        return null;
    }

    private @Nullable AppendOutcome repeated(IdempotencyRow row, IdempotencyKey key, long now) throws IOException {
        if (!row.bodyDigest().equals(key.bodyDigest()) || row.application() == null || row.message() == null) {
            return new AppendOutcome.KeyReused();
        }
        MessageRow made = messages.row(row.application(), row.message(), now);
        return made == null ? null : new AppendOutcome.Repeated(made.message());
    }

    private static Message message(NewMessage wanted, Application application) {
        Instant createdAt =
                Instant.ofEpochMilli(SortableId.epochMillis(wanted.id().value()));
        return new Message(
                wanted.id(),
                application.id(),
                wanted.eventType(),
                wanted.eventId(),
                wanted.channels(),
                createdAt,
                createdAt.plus(wanted.retention()),
                wanted.payload());
    }

    private void store(NewMessage wanted, Message message, List<Endpoint> endpoints, long now, WriteSet writes)
            throws IOException {
        List<EndpointId> ids = endpoints.stream().map(Endpoint::id).toList();
        writes.put(
                Table.MESSAGE,
                Keys.message(message.application(), message.id()),
                new MessageRow(message, now, ids).encode());
        expiry.stored(message, now, writes);
        QueueEntry fresh = new QueueEntry(QueueClass.FIRST, now, message.id(), 0, Trigger.SCHEDULED);
        for (Endpoint endpoint : endpoints) {
            EndpointQueue queue = queues.of(message.application(), endpoint.id());
            queue.settings = endpoint;
            place(queue, queue.classOfNew() == QueueClass.FIRST ? fresh : fresh.behindFresh(), now, writes);
            queues.count(queue, 1, 0, 0, 0);
            queues.schedule(queue, now);
        }
        newIds.put(message.id(), message);
        if (wanted.eventId() != null) {
            writes.put(
                    Table.EVENT_ID,
                    Keys.eventId(message.application(), wanted.eventId()),
                    Keys.bare(message.id().value()));
            newEventIds.put(new EventName(message.application().value(), wanted.eventId()), message.id());
        }
        if (wanted.idempotencyKey() != null) {
            IdempotencyRow.of(wanted.idempotencyKey(), message.application(), message.id())
                    .put(wanted.idempotencyKey(), now, writes);
            newKeys.put(
                    wanted.idempotencyKey().digest(),
                    new Taken(wanted.idempotencyKey().bodyDigest(), message));
        }
        if (!endpoints.isEmpty()) {
            messages.put(message, endpoints.size());
        }
    }

    /** One that stands where its message's row says has no row of its own. */
    private static void place(EndpointQueue queue, QueueEntry entry, long now, WriteSet writes) {
        writes.put(Table.QUEUE, Keys.queue(queue.endpoint, entry), entry.value());
        if (entry.queueClass() != QueueClass.FIRST) {
            writes.put(
                    Table.DELIVERY,
                    Keys.delivery(queue.endpoint, entry.message()),
                    DeliveryRow.waiting(entry, now).encode());
        }
        queue.window(entry.queueClass()).offer(entry);
    }
}
