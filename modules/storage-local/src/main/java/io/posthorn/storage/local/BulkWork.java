package io.posthorn.storage.local;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.Trigger;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a background task: some records looked at in the order of an index, and changed. What is put into a queue
 * stands among the retries, due from the moment of its step, so that fresh events go before it and before what failed
 * meanwhile it goes in its turn. Runs alone in its group, on the store thread.
 */
final class BulkWork {
    /** Records looked at in one step where each may need its message. */
    static final int STEP_RECORDS = 25;

    /** Entries of a queue looked at in one step: they are short. */
    static final int STEP_ENTRIES = 500;

    /** Bytes of messages read in one step, unless a single one has more. */
    private static final long STEP_BYTES = 1L << 20;

    /** Ids tell the time in steps of so many milliseconds. */
    private static final int ID_MILLIS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(BulkWork.class);

    private final OrderedMap map;
    private final MessageCache messages;
    private final Queues queues;

    BulkWork(OrderedMap map, MessageCache messages, Queues queues) {
        this.map = map;
        this.messages = messages;
        this.queues = queues;
    }

    /**
     * What a step did.
     *
     * @param cursor where the next one goes on; null when there is none
     */
    record Step(int changed, int scanned, @Nullable String cursor, boolean finished) {}

    /** A row that was found, read in order to be changed when the scan has ended. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; rows are byte arrays from end to end
    private record Found(MessageId message, byte[] key, byte[] value) {}

    /** A step being done. */
    private final class Progress {
        private final Endpoint endpoint;
        private final long now;
        private final WriteSet writes;
        private @Nullable EndpointQueue queue;
        private int changed;
        private int scanned;
        private @Nullable String cursor;

        Progress(Endpoint endpoint, @Nullable String cursor, long now, WriteSet writes) {
            this.endpoint = endpoint;
            this.cursor = cursor;
            this.now = now;
            this.writes = writes;
        }

        /** The queue, which memory need not know before something of it changes. */
        EndpointQueue queue() throws IOException {
            if (queue == null) {
                queue = queues.of(endpoint.application(), endpoint.id());
            }
            return queue;
        }

        void looked(String at) {
            scanned++;
            cursor = at;
        }

        Step end(boolean finished) throws IOException {
            if (queue != null) {
                queues.schedule(queue, now);
            }
            return new Step(changed, scanned, finished ? null : cursor, finished);
        }
    }

    Step step(BackgroundTask.Work work, Endpoint endpoint, @Nullable String cursor, long now, WriteSet writes)
            throws IOException {
        Progress progress = new Progress(endpoint, cursor, now, writes);
        if (work instanceof BackgroundTask.Recover recover) {
            return recover(recover, progress);
        }
        return work instanceof BackgroundTask.ReplayMissing replay
                ? replay(replay, progress)
                : cancel(((BackgroundTask.CancelWaiting) work).until(), progress);
    }

    /**
     * Puts failed deliveries back for one more attempt by hand: their policy has ended, so a further failure ends them
     * again, and attempts are numbered on.
     */
    private Step recover(BackgroundTask.Recover work, Progress step) throws IOException {
        EndpointId endpoint = work.endpoint();
        byte[] prefix = Keys.bare(endpoint.value());
        List<Found> rows = find(Table.DELIVERY, prefix, work.since(), work.until(), step.cursor);
        long bytes = 0;
        for (Found row : rows) {
            if (bytes >= STEP_BYTES) {
                return step.end(false);
            }
            step.looked(row.message().value());
            DeliveryRow delivery = decoded(row, () -> DeliveryRow.decode(row.value()));
            if (delivery == null || delivery.state() != DeliveryState.FAILED) {
                continue;
            }
            MessageRow message = decoded(row, () -> messages.row(work.application(), row.message(), step.now));
            Buffer payload = message == null ? null : message.message().payload();
            if (payload != null) {
                bytes += payload.length();
                queues.count(step.queue(), 0, 0, -1, 0);
                putBack(step, row.message(), delivery.attempts(), Trigger.MANUAL);
            }
        }
        return step.end(rows.size() < STEP_RECORDS);
    }

    /** Makes the deliveries that are missing, which go by the retry policy from their first attempt on. */
    private Step replay(BackgroundTask.ReplayMissing work, Progress step) throws IOException {
        byte[] prefix = Keys.bare(work.application().value());
        List<Found> rows = find(Table.MESSAGE, prefix, work.since(), work.until(), step.cursor);
        long bytes = 0;
        for (Found row : rows) {
            bytes += row.value().length;
            step.looked(row.message().value());
            MessageRow message = decoded(
                    row,
                    () -> MessageRow.decode(
                            work.application(), row.message(), row.value(), true, Instant.ofEpochMilli(step.now)));
            if (message != null && isMissing(message, step.endpoint)) {
                step.writes.put(
                        Table.MESSAGE,
                        row.key(),
                        message.withEndpoint(work.endpoint()).encode());
                queues.count(step.queue(), 1, 0, 0, 0);
                putBack(step, row.message(), 0, Trigger.SCHEDULED);
            }
        }
        return step.end(rows.size() < STEP_RECORDS && bytes < STEP_BYTES);
    }

    private static boolean isMissing(MessageRow row, Endpoint endpoint) {
        Message message = row.message();
        return message.payload() != null
                && !row.endpoints().contains(endpoint.id())
                && endpoint.wantsWhenEnabled(message.eventType(), message.channels());
    }

    /** The order is that of the queue: what moves back in it while the task runs is met again, further on. */
    private Step cancel(Instant until, Progress step) throws IOException {
        EndpointId endpoint = step.endpoint.id();
        byte[] prefix = Keys.queue(endpoint);
        byte[] from = step.cursor == null
                ? prefix
                : Keys.next(Keys.concat(prefix, Base64.getUrlDecoder().decode(step.cursor)));
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        map.scan(Table.QUEUE, from, Keys.after(prefix), false, (key, value) -> {
            keys.add(key);
            values.add(value);
            return keys.size() < STEP_ENTRIES;
        });
        MessageId bound = firstOf(until);
        for (int i = 0; i < keys.size() && step.changed < STEP_RECORDS; i++) {
            byte[] key = keys.get(i);
            step.looked(Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(Arrays.copyOfRange(key, prefix.length, key.length)));
            QueueEntry entry = Keys.queueEntry(key, values.get(i));
            DeliveryKey name = new DeliveryKey(step.endpoint.application(), endpoint, entry.message());
            if (entry.message().compareTo(bound) < 0 && !queues.leases.holds(name)) {
                queues.leases.forgetOverdue(name, step.writes);
                step.writes.delete(Table.QUEUE, key);
                step.writes.put(
                        Table.DELIVERY,
                        Keys.delivery(endpoint, entry.message()),
                        DeliveryRow.ended(DeliveryState.CANCELLED, entry.attempts(), step.now)
                                .encode());
                step.queue().window(entry.queueClass()).remove(entry);
                queues.count(step.queue(), 0, 0, 0, 1);
                step.changed++;
            }
        }
        return step.end(step.scanned == keys.size() && keys.size() < STEP_ENTRIES);
    }

    private void putBack(Progress step, MessageId message, int attempts, Trigger trigger) throws IOException {
        QueueEntry entry = new QueueEntry(QueueClass.RETRY, step.now, message, attempts, trigger);
        EndpointQueue queue = step.queue();
        step.writes.put(Table.QUEUE, Keys.queue(queue.endpoint, entry), entry.value());
        step.writes.put(
                Table.DELIVERY,
                Keys.delivery(queue.endpoint, message),
                DeliveryRow.waiting(entry, step.now).encode());
        queue.retry.offer(entry);
        step.changed++;
    }

    /** The rows behind a prefix whose messages were accepted in the window, from the cursor on. */
    private List<Found> find(Table table, byte[] prefix, Instant since, Instant until, @Nullable String cursor)
            throws IOException {
        byte[] low = cursor == null
                ? Keys.concat(prefix, Keys.bare(firstOf(since).value()))
                : Keys.next(Keys.concat(prefix, Keys.bare(cursor)));
        byte[] high = Keys.concat(prefix, Keys.bare(firstOf(until).value()));
        List<Found> found = new ArrayList<>();
        if (Arrays.compareUnsigned(low, high) >= 0) {
            return found;
        }
        long[] bytes = {0};
        map.scan(table, low, high, false, (key, value) -> {
            MessageId message = new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
            found.add(new Found(message, key, value));
            bytes[0] += value.length;
            return found.size() < STEP_RECORDS && bytes[0] < STEP_BYTES;
        });
        return found;
    }

    /** The lowest id that a message accepted at that time or later can have. */
    private static MessageId firstOf(Instant time) {
        long millis = time.toEpochMilli();
        long whole = time.isAfter(Instant.ofEpochMilli(millis)) ? millis + 1 : millis;
        return new MessageId(SortableId.lowest(MessageId.PREFIX, whole + ID_MILLIS - 1));
    }

    @FunctionalInterface
    private interface Decoding<T> {
        @Nullable
        T row() throws IOException;
    }

    /** One record that cannot be read must not hold up the store: it is passed over, and an audit says more. */
    private static <T> @Nullable T decoded(Found found, Decoding<T> decoding) throws IOException {
        try {
            return decoding.row();
        } catch (RuntimeException e) {
            LOG.warn("a record of {} cannot be read, so a background task passes it over", found.message(), e);
            return null;
        }
    }
}
