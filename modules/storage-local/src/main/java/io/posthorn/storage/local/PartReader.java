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
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.posthorn.storage.local.PartCursor.Part;
import io.posthorn.storage.rows.AttemptRow;
import io.posthorn.storage.rows.EntityCodec;
import io.posthorn.storage.rows.TaskRow;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a store part by part, as another one can take it. Any thread that may block; nothing changes the store. */
final class PartReader {
    private final OrderedMap map;

    PartReader(OrderedMap map) {
        this.map = map;
    }

    /**
     * Reads a chunk.
     *
     * @param now the store's steady time, in milliseconds since 1970
     * @param ahead how far that is before the wall clock
     */
    Transfer.Chunk read(@Nullable String cursor, long now, long ahead) throws IOException {
        PartCursor at = cursor == null ? new PartCursor(Part.APPLICATIONS, estimate(), null) : PartCursor.of(cursor);
        Reading reading = new Reading(now, ahead);
        while (at != null && reading.hasRoom) {
            PartCursor part = at;
            byte[][] last = {part.after()};
            map.scan(part.part().table, part.from(), part.part().high(), false, (key, row) -> {
                if (!reading.take(part.part(), key, row)) {
                    return false;
                }
                last[0] = key;
                return true;
            });
            Part next = part.part().next();
            if (!reading.hasRoom) {
                at = new PartCursor(part.part(), part.total(), last[0]);
            } else {
                at = next == null ? null : new PartCursor(next, part.total(), null);
            }
        }
        return new Transfer.Chunk(
                reading.items, at == null ? null : at.text(), at == null ? reading.items.size() : at.total());
    }

    private long estimate() throws IOException {
        long sum = 0;
        for (Table table : List.of(Table.DIRECTORY, Table.LEDGER, Table.MESSAGE, Table.IDEMPOTENCY, Table.TASK)) {
            sum += map.estimatedRows(table);
        }
        return sum;
    }

    /** One chunk being filled. */
    private final class Reading {
        private final long now;
        private final long ahead;
        private final List<StoredItem> items = new ArrayList<>();
        private long bytes;
        private boolean hasRoom = true;

        Reading(long now, long ahead) {
            this.now = now;
            this.ahead = ahead;
        }

        /** Takes a row in; answers false when there is no room for it. */
        boolean take(Part part, byte[] key, byte[] row) throws IOException {
            if (items.size() >= Transfer.MAX_CHUNK_ITEMS
                    || !items.isEmpty() && bytes + row.length > Transfer.MAX_CHUNK_BYTES) {
                hasRoom = false;
                return false;
            }
            bytes += row.length;
            items.add(
                    switch (part) {
                        case APPLICATIONS, EVENT_TYPES, ENDPOINTS -> new StoredItem.OfEntity(EntityCodec.decode(row));
                        case QUEUES -> queue(key, Ledger.decode(row));
                        case MESSAGES -> message(key, row);
                        case KEYS -> IdempotencyRow.item(key, row);
                        case TASKS -> task(TaskRow.decode(row));
                    });
            return true;
        }

        private StoredItem queue(byte[] key, Ledger ledger) {
            return new StoredItem.OfQueue(
                    ledger.application(),
                    new EndpointId(EndpointId.PREFIX + Keys.text(key, 0, Keys.ID)),
                    ledger.removed(),
                    ledger.parkedUntil() == 0 ? null : wall(ledger.parkedUntil()),
                    ledger.parkCause(),
                    ledger.firstBatch(),
                    ledger.gone().succeeded(),
                    ledger.gone().failed(),
                    ledger.gone().cancelled(),
                    ledger.circuit());
        }

        private StoredItem message(byte[] key, byte[] row) throws IOException {
            ApplicationId application = new ApplicationId(ApplicationId.PREFIX + Keys.text(key, 0, Keys.ID));
            MessageId id = new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
            MessageRow stored = MessageRow.decode(application, id, row, true, Instant.ofEpochMilli(now));
            List<StoredItem.OpenOrEnded> deliveries =
                    new ArrayList<>(stored.endpoints().size());
            for (EndpointId endpoint : stored.endpoints()) {
                deliveries.add(delivery(stored, new DeliveryKey(application, endpoint, id)));
            }
            return new StoredItem.OfMessage(stored.message(), deliveries, attempts(stored.message()));
        }

        private StoredItem.OpenOrEnded delivery(MessageRow message, DeliveryKey key) throws IOException {
            byte[] row = map.get(Table.DELIVERY, Keys.delivery(key.endpoint(), key.message()));
            DeliveryRow stored = row == null ? DeliveryRow.untried(message.appendedAt()) : DeliveryRow.decode(row);
            Trigger trigger = Trigger.SCHEDULED;
            if (row != null && stored.state() == DeliveryState.WAITING) {
                QueueEntry place =
                        new QueueEntry(stored.queueClass(), stored.due(), key.message(), stored.attempts(), trigger);
                byte[] value = map.get(Table.QUEUE, Keys.queue(key.endpoint(), place));
                // The record is the truth: where its entry is lost, the target gets one all the same.
                trigger = value == null
                        ? trigger
                        : QueueEntry.of(place.queueClass(), place.due(), place.message(), value)
                                .trigger();
            }
            return new StoredItem.OpenOrEnded(
                    stored.withTimes(-ahead).delivery(key, false), stored.queueClass() == QueueClass.FIRST, trigger);
        }

        private List<Attempt> attempts(Message message) throws IOException {
            List<Attempt> attempts = new ArrayList<>();
            byte[] prefix = Keys.bare(message.id().value());
            map.scan(Table.ATTEMPT, prefix, Keys.after(prefix), false, (key, row) -> {
                AttemptId id = new AttemptId(AttemptId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
                attempts.add(AttemptRow.decode(message.id(), id, row));
                bytes += row.length;
                return true;
            });
            return attempts;
        }

        private StoredItem task(TaskRow row) {
            // Where a task that cancels goes on is a place in the queues of this store, which others do not know.
            String cursor = row.cursor();
            MessageId lookedAt = cursor != null && MessageId.isValid(cursor) ? new MessageId(cursor) : null;
            return new StoredItem.OfTask(row.task(), lookedAt);
        }

        private Instant wall(long millis) {
            return Instant.ofEpochMilli(millis - ahead);
        }
    }
}
