package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of deliveries whose endpoint, application or payload is taken away. */
public abstract class RemovalContract extends EngineSuite {
    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void removedEndpointsDeliveriesAreNeverClaimedAndCancelledBySweeps() {
        // Given
        Endpoint kept = store.endpoint(app);
        store.limit(kept, 1000);
        store.accept(app, 500);

        // When
        remove(endpoint);
        Books before = store.books();
        List<ClaimedDelivery> claimed = store.claimAll();
        store.sweep();

        // Then
        assertThat(before).isEqualTo(new Books(1000, 0, 0, 0, 1000, 0));
        assertThat(claimed).hasSize(500).extracting(one -> one.key().endpoint()).containsOnly(kept.id());
        assertThat(store.books()).isEqualTo(new Books(1000, 0, 0, 500, 0, 500));
        assertThat(store.books(kept)).isEqualTo(new Books(500, 0, 0, 0, 0, 500));
    }

    @Test
    void historyOfARemovedEndpointStays() {
        // Given
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);

        // When
        remove(endpoint);
        store.sweep();

        // Then
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(store.attempts(message)).hasSize(1);
    }

    @Test
    void sweepCancelsABoundedAmountAtATime() {
        store.accept(app, 200);
        for (int i = 0; i < 49; i++) {
            store.accept(app, 200);
        }
        remove(endpoint);

        Duration pause = resultOf(store.engine().sweep());

        assertThat(pause).as("pause while there is more to cancel").isZero();
        store.sweep();
        assertThat(store.books()).isEqualTo(new Books(10_000, 0, 0, 10_000, 0, 0));
    }

    @Test
    void resultOfARemovedEndpointsDeliveryIsKeptAndItsRetryIsNot() {
        // Given
        store.accept(app, 3);
        ClaimedDelivery won = store.claimOne();
        ClaimedDelivery failed = store.claimOne();
        ClaimedDelivery lost = store.claimOne();

        // When
        remove(endpoint);
        store.succeed(won);
        store.retry(failed, Duration.ZERO);
        store.pass(LEASE_AND_MORE);
        store.sweep();

        // Then
        assertThat(store.claim(10)).isEmpty();
        assertThat(lost.attempt()).isEqualTo(1);
        assertThat(store.books()).isEqualTo(new Books(3, 1, 0, 2, 0, 0));
    }

    @Test
    void removedApplicationTakesItsEndpointsAlong() {
        // Given
        Endpoint second = store.endpoint(app);
        Application other = store.application();
        Endpoint kept = store.endpoint(other);
        store.accept(app, 10);
        store.accept(other, 2);

        // When
        resultOf(store.engine().remove(new Removal.OfApplication(OrganizationId.DEFAULT, app.id())));
        AppendOutcome refused = store.append(given.message(app.id()).build());
        store.limit(kept, 10);
        List<ClaimedDelivery> claimed = store.claimAll();
        store.sweep();

        // Then
        assertThat(refused).isInstanceOf(AppendOutcome.NoSuchApplication.class);
        assertThat(claimed).hasSize(2).extracting(one -> one.key().endpoint()).containsOnly(kept.id());
        assertThat(store.books()).isEqualTo(new Books(22, 0, 0, 20, 0, 2));
        for (Endpoint gone : List.of(endpoint, second)) {
            assertThat(codeOf(store.engine()
                            .find(new StorageQuery.Find.OneEndpoint(
                                    app.id(), gone.id().value()))))
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void removedEndpointGetsNoMoreMessages() {
        remove(endpoint);

        AppendOutcome outcome = store.append(given.message(app.id()).build());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(appended.deliveries()).isZero());
        assertThat(codeOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void expungedMessageLosesItsPayloadAndWhatWaits() {
        // Given
        Endpoint busy = store.endpoint(app);
        store.save(endpoint.withDisabled(true, clock.instant()));
        Message keep = store.accept(app);
        store.succeed(store.claimOne());
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();
        store.retry(claimed, MINUTE);

        // When
        resultOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), message.id())));
        store.pass(MINUTE);
        List<ClaimedDelivery> nothing = store.claim(10);
        store.sweep();

        // Then
        assertThat(nothing).isEmpty();
        Message found = resultOf(store.engine()
                .message(new StorageQuery.OneMessage(app.id(), message.id().value(), true)));
        assertThat(found.payload()).isNull();
        assertThat(found.eventType()).isEqualTo(message.eventType());
        assertThat(store.delivery(message, busy).state()).isEqualTo(DeliveryState.CANCELLED);
        assertThat(store.delivery(keep, busy).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.books(busy)).isEqualTo(new Books(2, 1, 0, 1, 0, 0));
        assertThat(codeOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), MessageId.at(clock.millis())))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void payloadIsDroppedWhenItsTimeIsOver() {
        Message message = store.accept(
                given.message(app.id()).retention(Duration.ofDays(5)).build());
        store.succeed(store.claimOne());

        store.pass(Duration.ofDays(6));

        Message found = resultOf(store.engine()
                .message(new StorageQuery.OneMessage(app.id(), message.id().value(), true)));
        assertThat(found.payload()).isNull();
        assertThat(found.contentExpiresAt()).isEqualTo(message.createdAt().plus(Duration.ofDays(5)));
    }

    private void remove(Endpoint gone) {
        resultOf(store.engine().remove(new Removal.OfEndpoint(gone.application(), gone.id())));
    }
}
