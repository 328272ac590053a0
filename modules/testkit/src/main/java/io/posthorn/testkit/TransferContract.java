package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Reading a store part by part and writing it again. One store is enough: what was read is written back when everything
 * was cleared, or beside other data.
 */
public abstract class TransferContract extends TransferSuite {
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
    void anEndedMoveIsKnownAfterACrash() {
        // Given
        everyKindOfThing();
        List<StoredItem> items = readAll();
        clear();
        resultOf(store.engine().mark(Transfer.Mark.underWay(SOURCE, null, 0)));
        write(items);
        StoreView moved = StoreView.of(store.engine());

        // When
        Transfer.Mark ended = Transfer.Mark.ended(SOURCE, items.size());
        resultOf(store.engine().mark(ended));
        if (fixture.durable()) {
            crash();
        }
        Transfer.Identity known = resultOf(store.engine().identity());
        resultOf(store.engine().mark(ended));

        // Then
        assertThat(known.mark()).isEqualTo(ended);
        assertThat(resultOf(store.engine().identity())).isEqualTo(known);
        assertThat(StoreView.of(store.engine())).isEqualTo(moved);
        clear();
        assertThat(resultOf(store.engine().identity()).mark()).isNull();
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
}
