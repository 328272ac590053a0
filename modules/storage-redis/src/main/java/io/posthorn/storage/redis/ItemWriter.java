package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.rows.AttemptRow;
import io.posthorn.storage.rows.StoredEnum;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes items of another store in, beside what is there: messages some at a time in one script a shard, all else one by
 * one; what is there already is passed over. Any thread.
 */
final class ItemWriter {
    private static final Script MESSAGES = Script.of("write-messages", "queue", "records");
    private static final Script QUEUE = Script.of("write-queue", "queue");
    private static final Script TASK = Script.of("write-task");
    private static final Script KEY = Script.of("write-key");
    private static final int MAX_MESSAGES = 64;
    private static final int MAX_BYTES = 256 << 10;
    private static final int BYTES_OF_RECORD = 100;

    private final ShardCalls calls;
    private final RedisLink link;
    private final DirectoryMerge merge;

    ItemWriter(ShardCalls calls, RedisLink link, RedisDirectory directory) {
        this.calls = calls;
        this.link = link;
        this.merge = new DirectoryMerge(directory);
    }

    /** Completes with a line for each thing that had to be changed to fit. */
    Future<List<String>> write(String source, List<StoredItem> items) {
        List<String> changes = new ArrayList<>();
        Future<Void> done = Future.succeededFuture();
        List<StoredItem.OfMessage> messages = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            StoredItem item = items.get(i);
            if (item instanceof StoredItem.OfMessage of) {
                messages.add(of);
                if (i + 1 == items.size() || !(items.get(i + 1) instanceof StoredItem.OfMessage)) {
                    List<StoredItem.OfMessage> run = List.copyOf(messages);
                    messages.clear();
                    done = done.compose(before -> writeMessages(run, changes));
                }
            } else {
                done = done.compose(before -> writeOne(source, item, changes));
            }
        }
        return done.map(all -> List.copyOf(changes));
    }

    private Future<Void> writeOne(String source, StoredItem item, List<String> changes) {
        if (item instanceof StoredItem.OfEntity of) {
            return merge.add(of.entity(), changes);
        }
        if (item instanceof StoredItem.OfQueue of) {
            return writeQueue(source, of);
        }
        return item instanceof StoredItem.OfKey of ? writeKey(of) : writeTask((StoredItem.OfTask) item);
    }

    private Future<Void> writeQueue(String source, StoredItem.OfQueue queue) {
        List<Object> args = List.of(
                Names.bare(queue.application().value()),
                Names.bare(queue.endpoint().value()),
                queue.removed() ? 1 : 0,
                queue.parkedUntil() == null ? 0 : calls.time().toRedis(queue.parkedUntil()),
                StoredEnum.code(queue.parkCause()),
                queue.firstBatch(),
                queue.succeededGone(),
                queue.failedGone(),
                queue.cancelledGone(),
                source,
                CircuitText.write(queue.circuit()));
        return calls.durableChange(QUEUE, calls.shards().of(queue.application()), args)
                .mapEmpty();
    }

    private Future<Void> writeKey(StoredItem.OfKey key) {
        ApplicationId owner = key.application();
        Object made;
        String prefix;
        if (key.entity() != null) {
            made = EntityRow.encode(key.entity());
            prefix = key.entity() instanceof Endpoint endpoint
                    ? calls.shards().prefix(endpoint.application())
                    : calls.shards().directory();
        } else if (owner != null && key.message() != null) {
            made = Names.bare(key.message().value());
            prefix = calls.shards().prefix(owner);
        } else {
            return Future.failedFuture(new IllegalArgumentException("an idempotency key that made nothing"));
        }
        List<Object> args = List.of(
                key.key().digest(),
                key.entity() == null ? "M" : "E",
                key.key().bodyDigest(),
                made,
                calls.time().toRedis(key.usedAt()));
        return link.runDurably(KEY, prefix, args).mapEmpty();
    }

    private Future<Void> writeTask(StoredItem.OfTask item) {
        BackgroundTask task = item.task();
        List<Object> args = List.of(
                Names.bare(task.id().value()),
                task.organization().value(),
                TaskFields.text(task.work()),
                TaskFields.letter(task.status()),
                item.lookedAt() == null ? "" : Names.bare(item.lookedAt().value()),
                task.changed(),
                task.scanned(),
                task.failure() == null ? "" : task.failure(),
                task.createdAt().toEpochMilli(),
                task.updatedAt().toEpochMilli());
        return calls.lasting(TASK, calls.shards().of(task.work().application()), args)
                .mapEmpty();
    }

    private Future<Void> writeMessages(List<StoredItem.OfMessage> messages, List<String> changes) {
        Map<Integer, List<StoredItem.OfMessage>> byShard = new LinkedHashMap<>();
        for (StoredItem.OfMessage item : messages) {
            byShard.computeIfAbsent(calls.shards().of(item.message().application()), absent -> new ArrayList<>())
                    .add(item);
        }
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<Integer, List<StoredItem.OfMessage>> entry : byShard.entrySet()) {
            for (List<StoredItem.OfMessage> part : parts(entry.getValue())) {
                done = done.compose(before -> writePart(entry.getKey(), part, changes));
            }
        }
        return done;
    }

    private static List<List<StoredItem.OfMessage>> parts(List<StoredItem.OfMessage> messages) {
        List<List<StoredItem.OfMessage>> parts = new ArrayList<>();
        List<StoredItem.OfMessage> part = new ArrayList<>();
        long bytes = 0;
        for (StoredItem.OfMessage item : messages) {
            if (part.size() == MAX_MESSAGES || bytes >= MAX_BYTES) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            Buffer payload = item.message().payload();
            long entries = (long) item.deliveries().size() + item.attempts().size();
            bytes += (payload == null ? 0 : payload.length()) + entries * BYTES_OF_RECORD;
            part.add(item);
        }
        parts.add(part);
        return parts;
    }

    private Future<Void> writePart(int shard, List<StoredItem.OfMessage> part, List<String> changes) {
        List<Object> args = new ArrayList<>();
        args.add(part.size());
        part.forEach(item -> add(item, args));
        return calls.durableChange(MESSAGES, shard, args).compose(answer -> {
            Response each = answer.get(2);
            List<StoredItem.OfMessage> again = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                if (each.get(i).toString().equals("E")) {
                    Message message = part.get(i).message();
                    changes.add(message.id() + ": its eventId " + message.eventId()
                            + " belongs to another message here, so it has none now");
                    again.add(withoutEventId(part.get(i)));
                }
            }
            return again.isEmpty() ? Future.succeededFuture() : writePart(shard, again, changes);
        });
    }

    private void add(StoredItem.OfMessage item, List<Object> args) {
        Message message = item.message();
        List<EndpointId> endpoints = item.deliveries().stream()
                .map(one -> one.delivery().key().endpoint())
                .toList();
        args.add(Names.bare(message.application().value()));
        args.add(Names.bare(message.id().value()));
        args.add(message.eventId() == null ? "" : message.eventId());
        args.add(TimeUnit.MILLISECONDS.toHours(message.contentExpiresAt().toEpochMilli()));
        args.add(acceptedAt(item).toEpochMilli());
        args.add(StoredMessage.encode(message, endpoints));
        args.add(item.deliveries().size());
        for (StoredItem.OpenOrEnded one : item.deliveries()) {
            Delivery delivery = one.delivery();
            args.add(Names.bare(delivery.key().endpoint().value()));
            args.add(
                    switch (delivery.state()) {
                        case SUCCEEDED -> "S";
                        case FAILED -> "F";
                        case CANCELLED -> "C";
                        case WAITING, IN_FLIGHT -> "W";
                    });
            args.add(delivery.attempts());
            args.add(delivery.changedAt().toEpochMilli());
            args.add(one.firstClass() ? "q" : "r");
            @Nullable Instant due = delivery.dueAt();
            args.add(due == null ? 0 : due.toEpochMilli());
            args.add(one.trigger() == Trigger.MANUAL ? "m" : "s");
        }
        args.add(item.attempts().size());
        for (Attempt attempt : item.attempts()) {
            args.add(Names.bare(attempt.id().value()));
            args.add(AttemptRow.encode(attempt));
        }
    }

    /** When those became due that were never tried nor deferred, and so need no row. */
    private static Instant acceptedAt(StoredItem.OfMessage item) {
        for (StoredItem.OpenOrEnded one : item.deliveries()) {
            Instant due = one.delivery().dueAt();
            if (due != null && one.firstClass() && one.delivery().attempts() == 0) {
                return due;
            }
        }
        return item.message().createdAt();
    }

    private static StoredItem.OfMessage withoutEventId(StoredItem.OfMessage item) {
        Message it = item.message();
        MessageId id = it.id();
        Message bare = new Message(
                id,
                it.application(),
                it.eventType(),
                null,
                it.channels(),
                it.createdAt(),
                it.contentExpiresAt(),
                it.payload());
        return new StoredItem.OfMessage(bare, item.deliveries(), item.attempts());
    }
}
