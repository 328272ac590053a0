package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads deliveries of messages and of endpoints. Any thread. */
final class DeliveryReader {
    private static final Script OF_MESSAGE = Script.of("deliveries-of-message", "queue", "deliveries");
    private static final Script OF_ENDPOINT = Script.of("deliveries-of-endpoint", "queue", "deliveries");

    private final ShardCalls calls;

    DeliveryReader(ShardCalls calls) {
        this.calls = calls;
    }

    Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfMessage query) {
        PageRequest page = query.page();
        boolean down = page.ascending() == page.backwards();
        String from = page.from() == null ? "" : Names.bare(page.from());
        List<Object> args = List.of(
                Names.bare(query.application().value()),
                Names.bare(query.message().value()),
                down ? "" : from,
                down ? from : "",
                down ? 1 : 0,
                page.limit() + 1);
        return calls.read(OF_MESSAGE, calls.shards().of(query.application()), args)
                .compose(answer -> {
                    if (answer.size() == 1) {
                        return RedisHistory.notFound();
                    }
                    Response each = answer.get(3);
                    List<Delivery> items = new ArrayList<>();
                    boolean done = each.size() / 3 <= page.limit();
                    for (int i = 0; i < each.size() && items.size() < page.limit(); i += 3) {
                        EndpointId endpoint = new EndpointId(EndpointId.PREFIX + each.get(i));
                        items.add(delivery(
                                new DeliveryKey(query.application(), endpoint, query.message()),
                                each.get(i + 1).toString(),
                                each.get(i + 2).toInteger() == 1,
                                answer.get(1).toLong(),
                                answer.get(2).toLong()));
                    }
                    if (page.backwards()) {
                        Collections.reverse(items);
                    }
                    return Future.succeededFuture(new StorageQuery.DeliveryPage(items, done));
                });
    }

    Future<StorageQuery.DeliveryPage> deliveries(StorageQuery.DeliveriesOfEndpoint query) {
        ApplicationId application = query.application();
        PageScan<Delivery> scan = new PageScan<>(query.page(), range -> {
            List<Object> args = List.of(
                    Names.bare(query.endpoint().value()),
                    range.low(),
                    range.high(),
                    range.down() ? 1 : 0,
                    range.count());
            return calls.read(OF_ENDPOINT, calls.shards().of(application), args).map(answer -> {
                List<PageScan.Row<Delivery>> rows = new ArrayList<>();
                Response each = answer.get(3);
                for (int i = 0; i < each.size(); i += 3) {
                    String id = each.get(i).toString();
                    DeliveryKey key =
                            new DeliveryKey(application, query.endpoint(), new MessageId(MessageId.PREFIX + id));
                    String row = each.get(i + 1).toString();
                    boolean flies = each.get(i + 2).toInteger() == 1;
                    Delivery delivery = row.isEmpty()
                            ? null
                            : delivery(key, row, flies, answer.get(1).toLong(), 0);
                    rows.add(new PageScan.Row<>(id, isWanted(query, delivery) ? delivery : null));
                }
                return new PageScan.Rows<>(rows, answer.get(2).toInteger() == 1);
            });
        });
        return scan.read(
                        lowest(query.after()),
                        lowest(query.before()),
                        query.page().from() == null
                                ? null
                                : Names.bare(query.page().from()))
                .map(page -> new StorageQuery.DeliveryPage(page.items(), page.done()));
    }

    private static boolean isWanted(StorageQuery.DeliveriesOfEndpoint query, @Nullable Delivery delivery) {
        return delivery != null
                && delivery.attempts() > 0
                && (query.state() == null || query.state() == delivery.state());
    }

    /**
     * Reads a row of {@code d:M}: state, attempts, when it was entered, and of one that waits its class and due time.
     *
     * @param row empty while it waits for its first attempt
     * @param lead how far the times in the store are ahead of the clock, in ms
     */
    static Delivery delivery(DeliveryKey key, String row, boolean flies, long lead, long acceptedAt) {
        if (row.isEmpty()) {
            Instant accepted = Instant.ofEpochMilli(acceptedAt);
            return new Delivery(key, flies ? DeliveryState.IN_FLIGHT : DeliveryState.WAITING, 0, accepted, accepted);
        }
        String[] parts = row.split(" ", -1);
        int attempts = Integer.parseInt(parts[1]);
        Instant changedAt = Instant.ofEpochMilli(Long.parseLong(parts[2]));
        return switch (parts[0]) {
            case "S" -> new Delivery(key, DeliveryState.SUCCEEDED, attempts, null, changedAt);
            case "F" -> new Delivery(key, DeliveryState.FAILED, attempts, null, changedAt);
            case "C" -> new Delivery(key, DeliveryState.CANCELLED, attempts, null, changedAt);
            default ->
                new Delivery(
                        key,
                        flies ? DeliveryState.IN_FLIGHT : DeliveryState.WAITING,
                        attempts,
                        Instant.ofEpochMilli(Long.parseLong(parts[4]) - lead),
                        changedAt);
        };
    }

    private static @Nullable String lowest(@Nullable Instant time) {
        return time == null ? null : SortableId.lowest("", time.toEpochMilli());
    }
}
