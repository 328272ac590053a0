package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.SortableId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.rows.AttemptRow;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads messages, deliveries and attempts from the map. Any thread that may block. */
final class HistoryReader {
    private final OrderedMap map;
    private final InstantSource clock;
    private final Predicate<DeliveryKey> inFlight;

    HistoryReader(OrderedMap map, InstantSource clock, Predicate<DeliveryKey> inFlight) {
        this.map = map;
        this.clock = clock;
        this.inFlight = inFlight;
    }

    Message message(StorageQuery.OneMessage query) throws IOException {
        MessageId id;
        if (MessageId.isValid(query.reference())) {
            id = new MessageId(query.reference());
        } else {
            byte[] bare = map.get(Table.EVENT_ID, Keys.eventId(query.application(), query.reference()));
            if (bare == null) {
                throw notFound();
            }
            id = new MessageId(MessageId.PREFIX + Keys.text(bare, 0, Keys.ID));
        }
        return row(query.application(), id, query.withPayload()).message();
    }

    StorageQuery.MessagePage messages(StorageQuery.Messages query) throws IOException {
        byte[] prefix = Keys.bare(query.application().value());
        byte[] from = query.page().from() == null
                ? null
                : Keys.message(query.application(), new MessageId(query.page().from()));
        PageScan<Message> page = new PageScan<>(query.page());
        byte[] low = atTime(prefix, query.after(), prefix);
        byte[] high = atTime(prefix, query.before(), Keys.after(prefix));
        page.read(map, Table.MESSAGE, low, high, from, (key, row) -> {
            MessageId id = new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
            Message message = MessageRow.decode(query.application(), id, row, query.withPayload(), clock.instant())
                    .message();
            boolean wanted = (query.eventTypes() == null || query.eventTypes().contains(message.eventType()))
                    && (query.channel() == null || message.channels().contains(query.channel()));
            return wanted ? message : null;
        });
        return new StorageQuery.MessagePage(page.items(), page.done());
    }

    StorageQuery.DeliveryPage deliveries(StorageQuery.DeliveriesOfMessage query) throws IOException {
        MessageRow message = row(query.application(), query.message(), false);
        PageRequest page = query.page();
        boolean descending = page.ascending() == page.backwards();
        List<EndpointId> endpoints = new ArrayList<>(message.endpoints());
        Collections.sort(endpoints);
        if (descending) {
            Collections.reverse(endpoints);
        }
        List<Delivery> items = new ArrayList<>();
        boolean done = true;
        for (EndpointId endpoint : endpoints) {
            if (page.from() != null) {
                int order = endpoint.value().compareTo(page.from());
                if (descending ? order >= 0 : order <= 0) {
                    continue;
                }
            }
            if (items.size() == page.limit()) {
                done = false;
                break;
            }
            DeliveryKey key = new DeliveryKey(query.application(), endpoint, query.message());
            byte[] row = map.get(Table.DELIVERY, Keys.delivery(endpoint, query.message()));
            DeliveryRow delivery = row == null ? DeliveryRow.untried(message.appendedAt()) : DeliveryRow.decode(row);
            items.add(delivery.delivery(key, inFlight.test(key)));
        }
        if (page.backwards()) {
            Collections.reverse(items);
        }
        return new StorageQuery.DeliveryPage(items, done);
    }

    /** The row of one delivery, or of one that was never tried what it would be; else NOT_FOUND. */
    DeliveryRow delivery(DeliveryKey key) throws IOException {
        MessageRow message = row(key.application(), key.message(), false);
        byte[] row = map.get(Table.DELIVERY, Keys.delivery(key.endpoint(), key.message()));
        if (row == null && !message.endpoints().contains(key.endpoint())) {
            throw notFound();
        }
        return row == null ? DeliveryRow.untried(message.appendedAt()) : DeliveryRow.decode(row);
    }

    StorageQuery.DeliveryPage deliveries(StorageQuery.DeliveriesOfEndpoint query) throws IOException {
        byte[] prefix = Keys.bare(query.endpoint().value());
        byte[] from = query.page().from() == null
                ? null
                : Keys.delivery(query.endpoint(), new MessageId(query.page().from()));
        byte[] low = atTime(prefix, query.after(), prefix);
        byte[] high = atTime(prefix, query.before(), Keys.after(prefix));
        PageScan<Delivery> page = new PageScan<>(query.page());
        page.read(map, Table.DELIVERY, low, high, from, (key, row) -> {
            MessageId id = new MessageId(MessageId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
            DeliveryKey name = new DeliveryKey(query.application(), query.endpoint(), id);
            Delivery delivery = DeliveryRow.decode(row).delivery(name, inFlight.test(name));
            boolean wanted = delivery.attempts() > 0 && (query.state() == null || query.state() == delivery.state());
            return wanted ? delivery : null;
        });
        return new StorageQuery.DeliveryPage(page.items(), page.done());
    }

    StorageQuery.AttemptPage attempts(StorageQuery.Attempts query) throws IOException {
        PageScan<Attempt> page = new PageScan<>(query.page());
        AttemptId from =
                query.page().from() == null ? null : new AttemptId(query.page().from());
        MessageId message = query.message();
        EndpointId endpoint = query.endpoint();
        if (message != null) {
            byte[] prefix = Keys.bare(message.value());
            page.read(
                    map,
                    Table.ATTEMPT,
                    atTime(prefix, query.after(), prefix),
                    atTime(prefix, query.before(), Keys.after(prefix)),
                    from == null ? null : Keys.attempt(message, from),
                    (key, row) -> wanted(query, AttemptRow.decode(message, attemptId(key), row)));
        } else if (endpoint != null) {
            byte[] prefix = Keys.bare(endpoint.value());
            page.read(
                    map,
                    Table.ATTEMPT_OF_ENDPOINT,
                    atTime(prefix, query.after(), prefix),
                    atTime(prefix, query.before(), Keys.after(prefix)),
                    from == null ? null : Keys.attemptOfEndpoint(endpoint, from),
                    (key, row) -> {
                        MessageId of = new MessageId(MessageId.PREFIX + Keys.text(row, 0, Keys.ID));
                        Attempt attempt = find(of, attemptId(key));
                        return attempt == null ? null : wanted(query, attempt);
                    });
        } else {
            throw new PosthornException(ErrorCode.INVALID, "attempts are listed by message or by endpoint");
        }
        return new StorageQuery.AttemptPage(page.items(), page.done());
    }

    Attempt attempt(StorageQuery.OneAttempt query) throws IOException {
        Attempt attempt = find(query.message(), query.attempt());
        if (attempt == null || !attempt.delivery().application().equals(query.application())) {
            throw notFound();
        }
        return attempt;
    }

    private @Nullable Attempt find(MessageId message, AttemptId id) throws IOException {
        byte[] row = map.get(Table.ATTEMPT, Keys.attempt(message, id));
        return row == null ? null : AttemptRow.decode(message, id, row);
    }

    private static @Nullable Attempt wanted(StorageQuery.Attempts query, Attempt attempt) {
        boolean wanted = attempt.delivery().application().equals(query.application())
                && (query.endpoint() == null || attempt.delivery().endpoint().equals(query.endpoint()))
                && (query.succeeded() == null || query.succeeded() == attempt.succeeded())
                && (query.statusClass() == null || query.statusClass() == attempt.statusCode() / 100 * 100);
        return wanted ? attempt : null;
    }

    private MessageRow row(ApplicationId application, MessageId id, boolean withPayload) throws IOException {
        byte[] row = map.get(Table.MESSAGE, Keys.message(application, id));
        if (row == null) {
            throw notFound();
        }
        return MessageRow.decode(application, id, row, withPayload, clock.instant());
    }

    private static AttemptId attemptId(byte[] key) {
        return new AttemptId(AttemptId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
    }

    private static byte[] atTime(byte[] prefix, @Nullable Instant time, byte[] otherwise) {
        return time == null ? otherwise : Keys.concat(prefix, Keys.bytes(SortableId.lowest("", time.toEpochMilli())));
    }

    private static PosthornException notFound() {
        return new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
    }
}
