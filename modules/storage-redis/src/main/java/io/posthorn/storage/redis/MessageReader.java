package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.rows.AttemptRow;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads messages with all that belongs to them, for another store. Any thread. */
final class MessageReader {
    private static final Script READ = Script.of("read-messages");

    private final ShardCalls calls;

    MessageReader(ShardCalls calls) {
        this.calls = calls;
    }

    /**
     * @param budget bytes at most
     * @param first whether the first message may have more
     */
    Future<StoreReader.Step> read(ReadCursor at, int most, long budget, boolean first) {
        List<Object> args = List.of(at.group(), at.after(), most, budget, first ? 1 : 0);
        return calls.read(READ, at.place(), args).map(answer -> {
            List<StoredItem> items = new ArrayList<>();
            long bytes = 0;
            String last = at.after();
            for (Response row : answer.get(3)) {
                last = row.get(0).toString();
                bytes += row.get(1).toBytes().length;
                items.add(item(
                        new ApplicationId(ApplicationId.PREFIX + at.group()),
                        row,
                        answer.get(0).toLong(),
                        answer.get(1).toLong()));
            }
            boolean end = answer.get(2).toInteger() == 1;
            return new StoreReader.Step(items, end ? at.pastGroup() : at.inGroup(at.group(), last), bytes);
        });
    }

    private static StoredItem item(ApplicationId application, Response row, long now, long lead) {
        MessageId id = new MessageId(MessageId.PREFIX + row.get(0));
        StoredMessage stored = StoredMessage.decode(id, row.get(1).toBytes(), true, now);
        List<StoredItem.OpenOrEnded> deliveries = new ArrayList<>();
        Response rows = row.get(2);
        for (int i = 0; i < rows.size(); i += 2) {
            EndpointId endpoint = new EndpointId(EndpointId.PREFIX + rows.get(i));
            deliveries.add(delivery(
                    new DeliveryKey(application, endpoint, id),
                    rows.get(i + 1).toString(),
                    stored.acceptedAt() - lead,
                    lead));
        }
        deliveries.sort(Comparator.comparing(one -> one.delivery().key().endpoint()));
        List<Attempt> attempts = new ArrayList<>();
        Response made = row.get(3);
        for (int i = 0; i < made.size(); i += 2) {
            AttemptId attempt = new AttemptId(AttemptId.PREFIX + made.get(i));
            attempts.add(AttemptRow.decode(id, attempt, made.get(i + 1).toBytes()));
        }
        attempts.sort(Comparator.comparing(Attempt::id));
        return new StoredItem.OfMessage(stored.message(), deliveries, attempts);
    }

    private static StoredItem.OpenOrEnded delivery(DeliveryKey key, String row, long acceptedAt, long lead) {
        Delivery read = DeliveryReader.delivery(key, row, false, lead, acceptedAt);
        Delivery delivery = row.isEmpty()
                ? read
                : new Delivery(
                        key,
                        read.state(),
                        read.attempts(),
                        read.dueAt(),
                        Instant.ofEpochMilli(read.changedAt().toEpochMilli() - lead));
        if (row.isEmpty() || read.state().isEnd()) {
            return new StoredItem.OpenOrEnded(delivery, true, Trigger.SCHEDULED);
        }
        String[] parts = row.split(" ", -1);
        return new StoredItem.OpenOrEnded(
                delivery, parts[3].equals("q"), parts[5].equals("m") ? Trigger.MANUAL : Trigger.SCHEDULED);
    }
}
