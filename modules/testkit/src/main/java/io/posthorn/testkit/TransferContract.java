package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reading a store part by part and writing it again. One store is enough: what was read is written back when everything
 * was cleared, or beside other data.
 */
public abstract class TransferContract extends EngineSuite {
    private static final String SOURCE = "source";
    private static final int ROOM = 1_000;

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void everythingThatCanBeSeenComesBack() {
        // Given
        everyKindOfThing();
        StoreView before = StoreView.of(store.engine());

        // When
        List<StoredItem> items = readAll();
        clear();
        StoreView cleared = StoreView.of(store.engine());
        List<String> changes = write(items);

        // Then
        assertThat(cleared.entities()).isEmpty();
        assertThat(cleared.books()).isEqualTo(Books.EMPTY);
        assertThat(changes).isEmpty();
        assertThat(StoreView.of(store.engine())).isEqualTo(before);
        assertThat(resultOf(store.engine().audit(false, looked -> {})).differences())
                .isEmpty();
    }

    @Test
    void whatWaitsIsHandedOutInTheOrderAndAsWhatItWas() {
        // Given
        everyKindOfThing();
        List<StoredItem> items = readAll();
        Map<EndpointId, List<String>> expected = handedOut();

        // When
        clear();
        write(items);

        // Then
        assertThat(expected).isNotEmpty();
        assertThat(handedOut()).isEqualTo(expected);
    }

    @Test
    void writingAgainChangesNothing() {
        // Given
        everyKindOfThing();
        List<StoredItem> items = readAll();
        clear();
        write(items.subList(0, items.size() / 2));

        // When
        write(items);
        StoreView once = StoreView.of(store.engine());
        write(items);

        // Then
        assertThat(StoreView.of(store.engine())).isEqualTo(once);
        assertThat(resultOf(store.engine().audit(false, looked -> {})).differences())
                .isEmpty();
    }

    @Test
    void partsAreBoundedAndGoOnAfterACrash() {
        // Given
        store.accept(app, 250);
        store.accept(app, 250);
        store.accept(app, 250);
        Buffer large = Buffer.buffer("x".repeat(300_000));
        for (int i = 0; i < 8; i++) {
            store.accept(given.message(app.id()).payload(large).build());
        }

        // When
        List<StoredItem> all = new ArrayList<>();
        String cursor = null;
        do {
            Transfer.Chunk chunk = resultOf(store.engine().read(cursor));
            assertThat(chunk.items()).hasSizeLessThanOrEqualTo(Transfer.MAX_CHUNK_ITEMS);
            assertThat(payloadBytes(chunk)).isLessThanOrEqualTo(Transfer.MAX_CHUNK_BYTES);
            all.addAll(chunk.items());
            cursor = chunk.next();
            if (fixture.durable()) {
                crash();
            }
        } while (cursor != null);

        // Then
        Set<MessageId> ids = new HashSet<>();
        for (StoredItem item : all) {
            if (item instanceof StoredItem.OfMessage of) {
                assertThat(ids.add(of.message().id())).as("read once").isTrue();
            }
        }
        assertThat(ids).hasSize(758);
        assertThat(all.get(0)).isEqualTo(new StoredItem.OfEntity(app));
        assertThat(all.get(1)).isEqualTo(new StoredItem.OfEntity(endpoint));
    }

    @Test
    void writtenItemsSurviveACrash() {
        assumeTrue(fixture.durable(), "only durable engines keep anything");
        everyKindOfThing();
        StoreView before = StoreView.of(store.engine());
        List<StoredItem> items = readAll();
        clear();
        write(items);

        crash();

        assertThat(StoreView.of(store.engine())).isEqualTo(before);
    }

    @Test
    void repeatsAreKnownByIdKeyAndEventId() {
        // Given
        NewMessage keyed = given.message(app.id())
                .idempotencyKey(Fixtures.idempotencyKey("k", "body"))
                .eventId("evt-1")
                .build();
        Message message = store.accept(keyed);
        Requests.Save save =
                new Requests.Save(given.endpoint(app.id()).build(), Fixtures.idempotencyKey("made", "endpoint"));
        resultOf(store.engine().save(save));

        // When
        move();

        // Then
        assertThat(store.append(keyed))
                .isInstanceOfSatisfying(
                        AppendOutcome.Repeated.class,
                        repeated -> assertThat(repeated.message().id()).isEqualTo(message.id()));
        assertThat(store.append(given.message(app.id())
                        .idempotencyKey(Fixtures.idempotencyKey("k", "another body"))
                        .build()))
                .isInstanceOf(AppendOutcome.KeyReused.class);
        assertThat(store.append(given.message(app.id()).eventId("evt-1").build()))
                .isEqualTo(new AppendOutcome.EventIdTaken("evt-1"));
        assertThat(resultOf(store.engine().save(save))).isInstanceOf(SaveOutcome.Repeated.class);
    }

    @Test
    void parkedQueueStaysParkedWithItsFirstBatch() {
        store.accept(app, 5);
        store.park(endpoint, MINUTE, 2);

        move();
        List<ClaimedDelivery> whileParked = store.claim(5);
        WaitCause cause = store.queue(endpoint).cause();
        store.pass(MINUTE);

        assertThat(whileParked).isEmpty();
        assertThat(cause).isEqualTo(WaitCause.RATE_LIMITED);
        assertThat(store.claim(5)).hasSize(2);
    }

    @Test
    void deliveriesOfRemovedEndpointsAreCancelledThere() {
        Message message = store.accept(app);
        Message tried = store.accept(app);
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));

        move();
        List<ClaimedDelivery> claimed = store.claimAll();
        store.sweep();

        assertThat(claimed).isEmpty();
        assertThat(store.books()).isEqualTo(new Books(2, 0, 0, 2, 0, 0));
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(store.delivery(tried, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
    }

    @Test
    void runningTaskGoesOnWhereItWas() {
        // Given
        store.limit(endpoint, ROOM);
        store.accept(app, 250);
        store.accept(app, 250);
        store.claimAll().forEach(store::exhaust);
        clock.advance(Duration.ofSeconds(1));
        BackgroundTask task = store.start(new BackgroundTask.Recover(
                app.id(), endpoint.id(), clock.instant().minus(MINUTE), clock.instant()));
        resultOf(store.engine().sweep());
        resultOf(store.engine().sweep());
        long before = store.task(task).changed();
        int again = 0;
        for (ClaimedDelivery one : store.claimAll()) {
            store.exhaust(one);
            again++;
        }

        // When
        move();
        store.limit(endpoint, ROOM);
        BackgroundTask ended = store.finish(task);

        // Then: what failed again after it was recovered is not recovered twice
        assertThat(before).isBetween(1L, 499L);
        assertThat(ended.changed()).isEqualTo(500);
        assertThat(store.claimAll()).hasSize(500 - again);
    }

    @Test
    void retentionStillFindsWhatItMoved() {
        Message message = store.accept(
                given.message(app.id()).retention(Duration.ofDays(5)).build());
        store.succeed(store.claimOne());

        move();
        store.pass(Duration.ofDays(80));
        for (int i = 0; i < 10; i++) {
            store.sweep();
        }

        assertThat(codeOf(store.engine()
                        .message(new StorageQuery.OneMessage(
                                app.id(), message.id().value(), false))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
    }

    @Test
    void countsOfWhatRetentionRemovedAreAddedOnceASource() {
        // Given
        StoredItem queue = new StoredItem.OfQueue(app.id(), endpoint.id(), false, null, WaitCause.READY, 0, 5, 3, 1);
        store.accept(app);

        // When
        resultOf(store.engine().write(SOURCE, List.of(queue)));
        resultOf(store.engine().write(SOURCE, List.of(queue)));
        Books ofOne = store.books(endpoint);
        resultOf(store.engine().write("another-source", List.of(queue)));

        // Then
        assertThat(ofOne).isEqualTo(new Books(10, 5, 3, 1, 1, 0));
        assertThat(store.books(endpoint)).isEqualTo(new Books(19, 10, 6, 2, 1, 0));
        assertThat(resultOf(store.engine().audit(false, looked -> {})).differences())
                .isEmpty();
        assertThat(resultOf(store.engine().read(null)).items())
                .contains(new StoredItem.OfQueue(app.id(), endpoint.id(), false, null, WaitCause.READY, 0, 10, 6, 2));
    }

    @Test
    void entityUpdatedLaterReplacesTheOneThatIsThere() {
        // Given
        clock.advance(Duration.ofSeconds(1));
        Endpoint newer = store.save(endpoint.withDisabled(true, clock.instant()));
        Endpoint older = endpoint;

        // When: the older one comes, then a newer one under a version that was there before
        write(List.of(new StoredItem.OfEntity(older)));
        Endpoint afterOlder = found(endpoint.id());
        Instant later = clock.instant().plusSeconds(1);
        write(List.of(new StoredItem.OfEntity(older.withDisabled(false, later))));
        Endpoint afterNewer = found(endpoint.id());

        // Then
        assertThat(afterOlder).isEqualTo(newer);
        assertThat(afterNewer.disabled()).isFalse();
        assertThat(afterNewer.version())
                .as("whoever read the other one must notice")
                .isGreaterThan(newer.version());
        store.accept(app);
        assertThat(store.claimOne().endpoint()).isEqualTo(afterNewer);
    }

    @Test
    void uidThatAnotherEntityHasIsDropped() {
        // Given
        Endpoint here = store.save(given.endpoint(app.id()).uid("billing").build());
        Application alsoHere = store.save(given.application("shop"));
        Endpoint moved = given.endpoint(app.id()).uid("billing").build().withVersion(1);
        Application movedApp = given.application("shop").withVersion(1);

        // When
        List<String> changes = write(List.of(new StoredItem.OfEntity(movedApp), new StoredItem.OfEntity(moved)));

        // Then
        assertThat(changes)
                .hasSize(2)
                .anyMatch(line -> line.contains(moved.id().value()) && line.contains("billing"))
                .anyMatch(line -> line.contains(movedApp.id().value()) && line.contains("shop"));
        assertThat(found(moved.id()).uid()).isNull();
        assertThat(resultOf(store.engine().find(new StorageQuery.Find.OneEndpoint(app.id(), "billing")))
                        .entity())
                .isEqualTo(here);
        assertThat(resultOf(store.engine().find(new StorageQuery.Find.OneApplication(OrganizationId.DEFAULT, "shop")))
                        .entity())
                .isEqualTo(alsoHere);
    }

    @Test
    void itemsComeBesideWhatIsThere() {
        // Given
        Message moved = store.accept(given.message(app.id()).eventId("evt-1").build());
        Message stays = store.accept(app);
        store.claimAll().forEach(store::succeed);
        List<StoredItem> items = readAll();
        clear();
        write(items.stream().filter(StoredItem.OfEntity.class::isInstance).toList());
        Message here = store.accept(given.message(app.id()).eventId("evt-1").build());

        // When
        List<String> changes = write(items);

        // Then
        assertThat(changes).hasSize(1).first().asString().contains(moved.id().value(), "evt-1");
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 2, 0, 0, 1, 0));
        Message byName = resultOf(store.engine().message(new StorageQuery.OneMessage(app.id(), "evt-1", false)));
        assertThat(byName.id()).isEqualTo(here.id());
        assertThat(store.attempts(stays)).hasSize(1);
        assertThat(store.claimOne().key().message()).isEqualTo(here.id());
        assertThat(resultOf(store.engine().audit(false, looked -> {})).differences())
                .isEmpty();
    }

    @Test
    void writtenDeliveriesAreNews() {
        store.accept(app);
        List<StoredItem> items = readAll();
        clear();
        assertThat(store.ask(1).deliveries()).isEmpty();
        List<String> told = new CopyOnWriteArrayList<>();
        store.engine().onWork(() -> told.add("work"));

        write(items);

        assertThat(store.claim(1)).hasSize(1);
        assertThat(told).isNotEmpty();
    }

    @Test
    void identityTellsWhetherItIsEmptyAndStaysTheSame() {
        // Given
        Transfer.Identity first = resultOf(store.engine().identity());
        if (fixture.durable()) {
            crash();
        }
        Transfer.Identity again = resultOf(store.engine().identity());

        // When
        clear();
        Transfer.Identity cleared = resultOf(store.engine().identity());

        // Then
        assertThat(first.empty()).isFalse();
        assertThat(first.mark()).isNull();
        assertThat(again).isEqualTo(first);
        assertThat(cleared.empty()).isTrue();
        assertThat(cleared.id()).isNotEqualTo(first.id());
        Transfer.Chunk nothing = resultOf(store.engine().read(null));
        assertThat(nothing.items()).isEmpty();
        assertThat(nothing.next()).isNull();
    }

    @Test
    void markIsRememberedUntilItIsForgotten() {
        // Given
        Transfer.Mark beginning = new Transfer.Mark("store-1", null, 0);
        Transfer.Mark further = new Transfer.Mark("store-1", "some.cursor", 700);

        // When
        resultOf(store.engine().mark(beginning));
        Transfer.Mark first = resultOf(store.engine().identity()).mark();
        resultOf(store.engine().mark(further));
        if (fixture.durable()) {
            crash();
        }
        Transfer.Mark second = resultOf(store.engine().identity()).mark();
        resultOf(store.engine().mark(null));

        // Then
        assertThat(first).isEqualTo(beginning);
        assertThat(second).isEqualTo(further);
        assertThat(resultOf(store.engine().identity()).mark()).isNull();
    }

    @Test
    void clearedStoreIsAsNewAndItsOldClaimsCountNoMore() {
        // Given
        everyKindOfThing();
        store.accept(app);
        ClaimedDelivery held = store.claimOne();

        // When
        clear();
        Application fresh = store.application();
        Endpoint freshEndpoint = store.endpoint(fresh);
        store.succeed(held);
        Message message = store.accept(fresh);
        ClaimedDelivery claimed = store.claimOne();

        // Then
        assertThat(claimed.key()).isEqualTo(EngineDriver.key(message, freshEndpoint));
        assertThat(claimed.fence()).as("fences never go back").isGreaterThan(held.fence());
        assertThat(store.books()).isEqualTo(new Books(1, 0, 0, 0, 0, 1));
    }

    /** Applications, types, endpoints and deliveries in every state there is. */
    private void everyKindOfThing() {
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
    private Map<EndpointId, List<String>> handedOut() {
        clock.advance(Duration.ofMinutes(2));
        store.sweep();
        Map<EndpointId, List<String>> order = new HashMap<>();
        for (ClaimedDelivery one : store.claimAll()) {
            order.computeIfAbsent(one.key().endpoint(), none -> new ArrayList<>())
                    .add(one.key().message() + " attempt " + one.attempt() + " " + one.trigger());
        }
        return order;
    }

    private List<StoredItem> readAll() {
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
    private List<String> write(List<StoredItem> items) {
        return resultOf(store.engine().write(SOURCE, items));
    }

    private void clear() {
        resultOf(store.engine().clear());
    }

    private void move() {
        List<StoredItem> items = readAll();
        clear();
        assertThat(write(items)).isEmpty();
    }

    private Endpoint found(EndpointId id) {
        return (Endpoint) resultOf(store.engine().find(new StorageQuery.Find.OneEndpoint(app.id(), id.value())))
                .entity();
    }

    private static long payloadBytes(Transfer.Chunk chunk) {
        long sum = 0;
        for (StoredItem item : chunk.items()) {
            Buffer payload =
                    item instanceof StoredItem.OfMessage of ? of.message().payload() : null;
            sum += payload == null ? 0 : payload.length();
        }
        return sum;
    }
}
