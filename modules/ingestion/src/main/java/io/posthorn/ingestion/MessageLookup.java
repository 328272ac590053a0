package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the messages of several deliveries. */
final class MessageLookup {
    private final Bus bus;
    private final Deadline deadline;

    MessageLookup(Bus bus, Deadline deadline) {
        this.bus = bus;
        this.deadline = deadline;
    }

    /** The messages by id, each read once; one that is gone is left out. */
    Future<Map<MessageId, Message>> all(List<DeliveryKey> deliveries, boolean withPayload) {
        Map<MessageId, Future<Void>> reads = new LinkedHashMap<>();
        Map<MessageId, Message> found = new LinkedHashMap<>();
        for (DeliveryKey delivery : deliveries) {
            reads.computeIfAbsent(delivery.message(), id -> {
                StorageQuery.OneMessage query =
                        new StorageQuery.OneMessage(delivery.application(), id.value(), withPayload);
                return bus.request(Addresses.MESSAGE, query, deadline.forNested())
                        .<Void>map(message -> {
                            found.put(id, message);
                            return null;
                        })
                        .recover(failure -> Catalogue.isNotFound(failure)
                                ? Future.succeededFuture()
                                : Future.failedFuture(failure));
            });
        }
        return Future.all(new ArrayList<>(reads.values())).map(all -> found);
    }
}
