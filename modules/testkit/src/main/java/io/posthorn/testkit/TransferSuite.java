package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** Reads a store part by part and writes it again. */
abstract class TransferSuite extends EngineSuite {
    static final String SOURCE = "source";
    static final int ROOM = 1_000;

    Application app;
    Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    /** Applications, types, endpoints and deliveries in every state there is. */
    void everyKindOfThing() {
        store.save(given.eventType("invoice.paid"));
        Application named = store.save(given.application("tenant-1"));
        Endpoint other = store.save(given.endpoint(named.id())
                .uid("hooks")
                .eventTypes("invoice.paid")
                .channels("north")
                .throttleRate(7)
                .build());
        Endpoint disabled = store.endpoint(app);
        store.accept(named);
        store.accept(given.message(named.id())
                .channels("north", "south")
                .eventId("evt-7")
                .build());
        store.limit(endpoint, ROOM);
        store.accept(app, 12);
        List<ClaimedDelivery> claimed = store.claim(21);
        int turn = 0;
        for (ClaimedDelivery one : claimed) {
            clock.advance(Duration.ofMillis(8));
            switch (turn++ % 6) {
                case 0 -> store.succeed(one);
                case 1 -> store.exhaust(one);
                case 2 -> store.retry(one, MINUTE);
                case 3 -> store.settle(one, new Settlement.Verdict.Cancelled());
                case 4 -> store.defer(one, Duration.ofSeconds(20));
                default -> assertThat(one.attempt()).as("stays in flight").isEqualTo(1);
            }
        }
        store.save(disabled.withDisabled(true, clock.instant()));
        ClaimedDelivery ended = claimed.get(0);
        store.resend(ended.key());
        Message dropped = store.accept(app);
        resultOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), dropped.id())));
        store.finish(store.start(new BackgroundTask.Recover(
                app.id(),
                endpoint.id(),
                clock.instant().minus(MINUTE),
                clock.instant().minus(MINUTE))));
        assertThat(store.books(other).created()).isEqualTo(1);
    }

    /** What each endpoint gets once all is due and nothing is in flight. */
    Map<EndpointId, List<String>> handedOut() {
        clock.advance(Duration.ofMinutes(2));
        store.sweep();
        Map<EndpointId, List<String>> order = new HashMap<>();
        for (ClaimedDelivery one : store.claimAll()) {
            order.computeIfAbsent(one.key().endpoint(), none -> new ArrayList<>())
                    .add(one.key().message() + " attempt " + one.attempt() + " " + one.trigger());
        }
        return order;
    }

    List<StoredItem> readAll() {
        List<StoredItem> items = new ArrayList<>();
        String cursor = null;
        do {
            Transfer.Chunk chunk = resultOf(store.engine().read(cursor));
            items.addAll(chunk.items());
            cursor = chunk.next();
        } while (cursor != null);
        return items;
    }

    @CanIgnoreReturnValue
    List<String> write(List<StoredItem> items) {
        return resultOf(store.engine().write(SOURCE, items));
    }

    void clear() {
        resultOf(store.engine().clear());
    }

    void move() {
        List<StoredItem> items = readAll();
        clear();
        assertThat(write(items)).isEmpty();
    }

    Endpoint found(EndpointId id) {
        return (Endpoint) resultOf(store.engine().find(new StorageQuery.Find.OneEndpoint(app.id(), id.value())))
                .entity();
    }

    static long payloadBytes(Transfer.Chunk chunk) {
        long sum = 0;
        for (StoredItem item : chunk.items()) {
            Buffer payload =
                    item instanceof StoredItem.OfMessage of ? of.message().payload() : null;
            sum += payload == null ? 0 : payload.length();
        }
        return sum;
    }
}
