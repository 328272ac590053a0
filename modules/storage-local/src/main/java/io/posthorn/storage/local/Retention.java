package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.local.ExpiryIndex.Bucket;
import io.posthorn.storage.local.ExpiryIndex.Kind;
import io.posthorn.storage.rows.AttemptRow;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has outlived its time, some hundred rows a step: first contents, then with the same delay as for attempts
 * the record of the message with its deliveries. Runs alone in its group, on the store thread.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Rows looked at in one step. */
    static final int STEP_ROWS = 300;

    /** Bytes of rows looked at in one step, unless a single one has more. */
    private static final long STEP_BYTES = 4L << 20;

    /** Deliveries of one message removed in one step; one that went to more endpoints goes in parts. */
    private static final int STEP_FAN_OUT = 5_000;

    /** About what an attempt takes that is removed without being read. */
    private static final long ATTEMPT_BYTES = 250;

    private final OrderedMap map;
    private final ExpiryIndex index;
    private final MessageCache messages;
    private final Queues queues;

    /** The row of the index where each kind goes on; those before it are gone. */
    private final Map<Kind, byte[]> positions = new EnumMap<>(Kind.class);

    /** Where the bucket in work of each kind goes on. */
    private final Map<Kind, Place> places = new EnumMap<>(Kind.class);

    private final Map<Table, Freed> freed = new EnumMap<>(Table.class);

    Retention(OrderedMap map, ExpiryIndex index, MessageCache messages, Queues queues) {
        this.map = map;
        this.index = index;
        this.messages = messages;
        this.queues = queues;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; rows are byte arrays from end to end
    private record Place(Bucket bucket, byte[] key) {}

    /** What one table got rid of since the map was told. */
    private static final class Freed {
        private byte[] from;
        private byte[] to;
        private long bytes;

        Freed(byte[] key) {
            from = key;
            to = key;
        }

        void add(byte[] key, long more) {
            from = Arrays.compareUnsigned(key, from) < 0 ? key : from;
            to = Arrays.compareUnsigned(key, to) > 0 ? key : to;
            bytes += more;
        }
    }

    /** One step of bounded work. */
    private final class Step {
        private final long now;
        private final WriteSet writes;

        /** What this step removed: its rows can still be read. */
        private final Set<MessageId> removed = new HashSet<>();

        private int rows = STEP_ROWS;
        private long bytes = STEP_BYTES;

        Step(long now, WriteSet writes) {
            this.now = now;
            this.writes = writes;
        }

        boolean hasRoom() {
            return rows > 0 && bytes > 0;
        }

        void looked(byte[] key, byte[] value) {
            rows--;
            bytes -= key.length + value.length;
        }

        void delete(Table table, byte[] key, long size) {
            writes.delete(table, key);
            free(table, key, key.length + size);
        }

        void free(Table table, byte[] key, long size) {
            freed.computeIfAbsent(table, absent -> new Freed(key)).add(key, size);
        }
    }

    /** Does one step; answers whether more is due at once. */
    boolean sweep(long now, WriteSet writes) throws IOException {
        freed.forEach((table, range) -> map.freed(table, range.from, Keys.next(range.to), range.bytes));
        freed.clear();
        Step step = new Step(now, writes);
        for (Kind kind : Kind.values()) {
            int limit = index.limit(kind, now);
            boolean worked = false;
            while (step.hasRoom() && index.swept(kind) < limit) {
                Bucket next = first(kind, limit);
                if (next == null) {
                    index.sweptBefore(kind, limit, writes);
                    positions.remove(kind);
                    break;
                }
                worked = true;
                step.rows--;
                if (isDone(next, step)) {
                    index.remove(next, writes);
                    positions.put(kind, Keys.next(next.key()));
                    places.remove(kind);
                }
            }
            if (worked) {
                // What one kind entered for another cannot be read yet.
                return true;
            }
        }
        return false;
    }

    private @Nullable Bucket first(Kind kind, int limit) throws IOException {
        byte[] from = positions.getOrDefault(kind, ExpiryIndex.from(kind, index.swept(kind)));
        Bucket[] found = {null};
        map.scan(Table.EXPIRY, from, ExpiryIndex.from(kind, limit), false, (key, value) -> {
            found[0] = Bucket.of(key);
            return false;
        });
        return found[0];
    }

    /** Works on a bucket as far as the step has room; answers whether nothing of it is left. */
    private boolean isDone(Bucket bucket, Step step) throws IOException {
        Place place = places.get(bucket.kind());
        byte[] from = place != null && place.bucket().equals(bucket) ? place.key() : bucket.from();
        boolean[] done = {true};
        Table table = bucket.kind() == Kind.ATTEMPTS ? Table.ATTEMPT_OF_ENDPOINT : Table.MESSAGE;
        map.scan(table, from, bucket.to(), false, (key, value) -> {
            if (!step.hasRoom()) {
                done[0] = false;
                return false;
            }
            step.looked(key, value);
            boolean whole = true;
            switch (bucket.kind()) {
                case ATTEMPTS -> removeAttempt(key, value, step);
                case CONTENTS -> dropContents(bucket, key, value, step);
                case RECORDS -> {
                    MessageRow row = row(bucket, key, value);
                    if (row != null && isInFlight(row)) {
                        lookAgain(bucket, step);
                    } else if (row != null) {
                        whole = removeRecord(row, key, value, step);
                    }
                }
            }
            places.put(bucket.kind(), new Place(bucket, whole ? Keys.next(key) : key));
            done[0] = whole;
            return whole;
        });
        if (done[0] && bucket.kind() == Kind.CONTENTS) {
            index.enter(Kind.RECORDS, bucket.hour(), bucket.owner(), bucket.rows(), step.writes);
            positions.remove(Kind.RECORDS);
        }
        return done[0];
    }

    /** Something of the bucket is in flight and goes later. */
    private void lookAgain(Bucket bucket, Step step) {
        int next = index.limit(Kind.RECORDS, step.now);
        index.enter(Kind.RECORDS, next, bucket.owner(), bucket.rows(), step.now, step.writes);
    }

    private static void removeAttempt(byte[] key, byte[] value, Step step) {
        byte[] attempt = Keys.concat(value, Arrays.copyOfRange(key, Keys.ID, 2 * Keys.ID));
        step.delete(Table.ATTEMPT, attempt, ATTEMPT_BYTES);
        step.delete(Table.ATTEMPT_OF_ENDPOINT, key, value.length);
    }

    private void dropContents(Bucket bucket, byte[] key, byte[] value, Step step) {
        MessageRow row = row(bucket, key, value);
        Message message = row == null ? null : row.message();
        if (row == null || message == null) {
            return;
        }
        Buffer payload = message.payload();
        if (payload != null) {
            step.writes.put(
                    Table.MESSAGE,
                    key,
                    row.withMessage(message.withoutPayload()).encode());
            step.free(Table.MESSAGE, key, payload.length());
        }
        messages.remove(message.id());
    }

    /** Removes a message with all that belongs to it; answers false when a part of its deliveries is left. */
    private boolean removeRecord(MessageRow row, byte[] key, byte[] value, Step step) throws IOException {
        Message message = row.message();
        if (!step.removed.add(message.id())) {
            return true;
        }
        List<EndpointId> endpoints = row.endpoints();
        int part = Math.min(endpoints.size(), STEP_FAN_OUT);
        for (EndpointId endpoint : endpoints.subList(0, part)) {
            removeDelivery(new DeliveryKey(message.application(), endpoint, message.id()), row, step);
            step.rows--;
        }
        messages.remove(message.id());
        if (part < endpoints.size()) {
            MessageRow rest = new MessageRow(message, row.appendedAt(), endpoints.subList(part, endpoints.size()));
            step.writes.put(Table.MESSAGE, key, rest.encode());
            step.rows = 0;
            return false;
        }
        removeAttempts(message.id(), step);
        if (message.eventId() != null) {
            byte[] name = Keys.eventId(message.application(), message.eventId());
            byte[] named = map.get(Table.EVENT_ID, name);
            if (named != null && Arrays.equals(named, Keys.bare(message.id().value()))) {
                step.delete(Table.EVENT_ID, name, named.length);
            }
        }
        step.delete(Table.MESSAGE, key, value.length);
        return true;
    }

    private void removeDelivery(DeliveryKey name, MessageRow message, Step step) throws IOException {
        byte[] key = Keys.delivery(name.endpoint(), name.message());
        byte[] stored = map.get(Table.DELIVERY, key);
        DeliveryRow delivery = stored == null ? DeliveryRow.untried(message.appendedAt()) : DeliveryRow.decode(stored);
        EndpointQueue queue = queues.of(name.application(), name.endpoint());
        DeliveryState ended = delivery.state();
        if (!ended.isEnd()) {
            ended = DeliveryState.CANCELLED;
            QueueEntry entry = new QueueEntry(
                    delivery.queueClass(), delivery.due(), name.message(), delivery.attempts(), Trigger.SCHEDULED);
            queues.leases.forgetOverdue(name, step.writes);
            step.delete(Table.QUEUE, Keys.queue(name.endpoint(), entry), 0);
            queue.window(entry.queueClass()).remove(entry);
            queues.count(queue, 0, 0, 0, 1);
            queues.schedule(queue, step.now);
        }
        queue.ledger = queue.ledger.withGone(ended);
        queues.touch(queue);
        if (stored != null) {
            step.delete(Table.DELIVERY, key, stored.length);
        }
    }

    private void removeAttempts(MessageId message, Step step) throws IOException {
        byte[] prefix = Keys.bare(message.value());
        map.scan(Table.ATTEMPT, prefix, Keys.after(prefix), false, (key, value) -> {
            AttemptId id = new AttemptId(AttemptId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
            Attempt attempt = AttemptRow.decode(message, id, value);
            step.delete(Table.ATTEMPT, key, value.length);
            step.delete(
                    Table.ATTEMPT_OF_ENDPOINT,
                    Keys.attemptOfEndpoint(attempt.delivery().endpoint(), id),
                    Keys.ID);
            step.rows--;
            return true;
        });
    }

    private boolean isInFlight(MessageRow row) {
        Message message = row.message();
        for (EndpointId endpoint : row.endpoints()) {
            if (queues.leases.holds(new DeliveryKey(message.application(), endpoint, message.id()))) {
                return true;
            }
        }
        return false;
    }

    /** The row of a message that ends with this bucket; null when it ends later, or cannot be read. */
    private static @Nullable MessageRow row(Bucket bucket, byte[] key, byte[] value) {
        MessageId id = new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
        try {
            ApplicationId application = new ApplicationId(ApplicationId.PREFIX + bucket.owner());
            MessageRow row = MessageRow.decode(application, id, value, true, Instant.EPOCH);
            return ExpiryIndex.hour(row.message().contentExpiresAt().toEpochMilli()) <= bucket.hour() ? row : null;
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be read, so retention passes it over; an audit says more", id, e);
            return null;
        }
    }
}
