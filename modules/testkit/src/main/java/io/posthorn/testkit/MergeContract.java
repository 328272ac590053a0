package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What writing items beside other data changes, and what a store says about itself. */
public abstract class MergeContract extends TransferSuite {
    @Test
    void countsOfWhatRetentionRemovedAreAddedOnceASource() {
        // Given
        StoredItem queue =
                new StoredItem.OfQueue(app.id(), endpoint.id(), false, null, WaitCause.READY, 0, 5, 3, 1, null);
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
                .contains(new StoredItem.OfQueue(
                        app.id(), endpoint.id(), false, null, WaitCause.READY, 0, 10, 6, 2, null));
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
        Transfer.Mark beginning = Transfer.Mark.underWay("store-1", null, 0);
        Transfer.Mark further = Transfer.Mark.underWay("store-1", "some.cursor", 700);

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
}
