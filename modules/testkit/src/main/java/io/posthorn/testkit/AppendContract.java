package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.Trigger;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How messages are accepted: stored whole, fanned out by the endpoints as they stand, and only once. */
public abstract class AppendContract extends EngineSuite {
    @Test
    void acceptedMessageIsClaimedWithAllThatIsNeededToSendIt() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Buffer payload = Buffer.buffer(new byte[] {'{', ' ', '"', 'n', '"', ':', '1', '.', '0', '0', '}', '\n'});

        // When
        Message message = store.accept(given.message(app.id())
                .eventId("evt-1")
                .channels("eu")
                .payload(payload)
                .build());
        ClaimedDelivery claimed = store.claimOne();

        // Then
        assertThat(claimed.key()).isEqualTo(EngineDriver.key(message, endpoint));
        assertThat(claimed.attempt()).isEqualTo(1);
        assertThat(claimed.trigger()).isEqualTo(Trigger.SCHEDULED);
        assertThat(claimed.endpoint()).isEqualTo(endpoint);
        assertThat(claimed.leaseUntil()).isEqualTo(in(EngineDriver.LEASE));
        assertThat(claimed.message().payload()).isEqualTo(payload);
        assertThat(claimed.message().eventId()).isEqualTo("evt-1");
        assertThat(claimed.message().channels()).containsExactly("eu");
        assertThat(claimed.message().eventType()).isEqualTo("invoice.paid");
        assertThat(message.createdAt()).isEqualTo(clock.instant());
    }

    @Test
    void findsTheApplicationByItsUid() {
        Application app = store.save(given.application("acme-example"));
        Endpoint endpoint = store.endpoint(app);

        Message message =
                store.accept(given.message(app.id()).application("acme-example").build());

        assertThat(message.application()).isEqualTo(app.id());
        assertThat(store.claimOne().key()).isEqualTo(EngineDriver.key(message, endpoint));
    }

    @Test
    void fansOutToThoseThatWantIt() {
        // Given
        Application app = store.application();
        Endpoint all = store.endpoint(app);
        Endpoint paid =
                store.save(given.endpoint(app.id()).eventTypes("invoice.paid").build());
        Endpoint eu = store.save(given.endpoint(app.id()).channels("eu").build());
        Endpoint off = store.save(given.endpoint(app.id()).disabled().build());
        Endpoint foreign = store.endpoint(store.application());

        // When
        AppendOutcome first = store.append(given.message(app.id()).build());
        AppendOutcome second = store.append(given.message(app.id())
                .eventType("user.left")
                .channels("eu", "us")
                .build());

        // Then
        assertThat(first)
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(endpointsOf(appended)).containsExactlyInAnyOrder(all.id(), paid.id()));
        assertThat(second)
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(endpointsOf(appended)).containsExactlyInAnyOrder(all.id(), eu.id()));
        assertThat(store.books(off)).isEqualTo(Books.EMPTY);
        assertThat(store.books(foreign)).isEqualTo(Books.EMPTY);
        assertThat(store.books().created()).isEqualTo(4);
    }

    @Test
    void seesEveryEndpointChangeThatWasAcknowledged() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.save(given.endpoint(app.id()).eventTypes("a").build());
        store.accept(given.message(app.id()).eventType("b").build());

        // When
        Endpoint wider =
                store.save(given.endpoint(app.id()).eventTypes("a", "b").build());
        store.accept(given.message(app.id()).eventType("b").build());
        Endpoint disabled = store.save(wider.withDisabled(true, clock.instant()));
        store.accept(given.message(app.id()).eventType("b").build());
        store.save(disabled.withDisabled(false, clock.instant()));
        store.accept(given.message(app.id()).eventType("b").build());

        // Then
        assertThat(store.books(endpoint).created()).isZero();
        assertThat(store.books(wider).created()).isEqualTo(2);
    }

    @Test
    void messageThatNobodyWantsIsKeptAllTheSame() {
        Application app = store.application();

        AppendOutcome outcome = store.append(given.message(app.id()).build());

        assertThat(outcome).isInstanceOfSatisfying(AppendOutcome.Appended.class, appended -> {
            assertThat(appended.deliveries()).isZero();
            Message found = resultOf(store.engine()
                    .message(new StorageQuery.OneMessage(
                            app.id(), appended.message().id().value(), true)));
            assertThat(found.payload()).isEqualTo(Buffer.buffer("{\"amount\": 1.50}"));
        });
    }

    @Test
    void oneNamedEndpointGetsItWhateverItsFilters() {
        // Given
        Application app = store.application();
        store.endpoint(app);
        Endpoint other = store.save(given.endpoint(app.id()).eventTypes("other").build());

        // When
        AppendOutcome outcome =
                store.append(given.message(app.id()).onlyEndpoint(other.id()).build());

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(endpointsOf(appended)).containsExactly(other.id()));
    }

    @Test
    void refusesUnknownApplicationAndUnknownEndpoint() {
        Application app = store.application();
        Endpoint foreign = store.endpoint(store.application());

        assertThat(store.append(given.message(given.application().id()).build()))
                .isInstanceOf(AppendOutcome.NoSuchApplication.class);
        assertThat(store.append(given.message(app.id()).application("nobody").build()))
                .isInstanceOf(AppendOutcome.NoSuchApplication.class);
        assertThat(store.append(
                        given.message(app.id()).onlyEndpoint(foreign.id()).build()))
                .isInstanceOf(AppendOutcome.NoSuchApplication.class);
        assertThat(store.books()).isEqualTo(Books.EMPTY);
    }

    @Test
    void sameIdIsStoredOnce() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        NewMessage message = given.message(app.id()).build();
        Message stored = store.accept(message);

        // When
        AppendOutcome again = store.append(message);

        // Then
        assertThat(again)
                .isInstanceOfSatisfying(
                        AppendOutcome.Repeated.class,
                        repeated -> assertThat(repeated.message().id()).isEqualTo(stored.id()));
        assertThat(store.claimAll()).hasSize(1);
        assertThat(store.books(endpoint).created()).isEqualTo(1);
    }

    @Test
    void sameIdTwiceInOneBatchIsStoredOnce() {
        Application app = store.application();
        store.endpoint(app);
        NewMessage message = given.message(app.id()).build();

        List<AppendOutcome> outcomes = resultOf(store.engine().append(List.of(message, message)));

        assertThat(outcomes.get(0)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(outcomes.get(1)).isInstanceOf(AppendOutcome.Repeated.class);
        assertThat(store.claimAll()).hasSize(1);
    }

    @Test
    void sameKeyAnswersTheFirstMessage() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        Message stored = store.accept(given.message(app.id())
                .eventId("evt-1")
                .idempotencyKey(Fixtures.idempotencyKey("k", "body"))
                .build());

        // When
        AppendOutcome again = store.append(given.message(app.id())
                .eventId("evt-1")
                .idempotencyKey(Fixtures.idempotencyKey("k", "body"))
                .build());
        AppendOutcome otherBody = store.append(given.message(app.id())
                .idempotencyKey(Fixtures.idempotencyKey("k", "another body"))
                .build());

        // Then
        assertThat(again)
                .isInstanceOfSatisfying(
                        AppendOutcome.Repeated.class,
                        repeated -> assertThat(repeated.message().id()).isEqualTo(stored.id()));
        assertThat(otherBody).isInstanceOf(AppendOutcome.KeyReused.class);
        assertThat(store.books(endpoint).created()).isEqualTo(1);
    }

    @Test
    void eventIdIsTakenOncePerApplication() {
        // Given
        Application app = store.application();
        Application other = store.application();
        store.accept(given.message(app.id()).eventId("evt-1").build());

        // When
        AppendOutcome again =
                store.append(given.message(app.id()).eventId("evt-1").build());
        AppendOutcome elsewhere =
                store.append(given.message(other.id()).eventId("evt-1").build());

        // Then
        assertThat(again).isEqualTo(new AppendOutcome.EventIdTaken("evt-1"));
        assertThat(elsewhere).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void oneRefusedMessageHoldsBackNoOther() {
        // Given
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);
        NewMessage good = given.message(app.id()).eventId("evt-1").build();
        NewMessage taken = given.message(app.id()).eventId("evt-1").build();
        NewMessage lost = given.message(app.id()).application("nobody").build();
        NewMessage last = given.message(app.id()).build();

        // When
        List<AppendOutcome> outcomes = resultOf(store.engine().append(List.of(good, taken, lost, last)));

        // Then
        assertThat(outcomes)
                .extracting(Object::getClass)
                .containsExactly(
                        AppendOutcome.Appended.class,
                        AppendOutcome.EventIdTaken.class,
                        AppendOutcome.NoSuchApplication.class,
                        AppendOutcome.Appended.class);
        assertThat(store.books(endpoint).waiting()).isEqualTo(2);
    }

    @Test
    void everyDeliveryWaitsAtFirst() {
        Application app = store.application();
        Endpoint endpoint = store.endpoint(app);

        Message message = store.accept(app);

        assertThat(store.delivery(message, endpoint)).satisfies(delivery -> {
            assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
            assertThat(delivery.attempts()).isZero();
            assertThat(delivery.dueAt()).isEqualTo(clock.instant());
        });
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
    }

    private List<EndpointId> endpointsOf(AppendOutcome.Appended appended) {
        List<EndpointId> endpoints = store.deliveries(appended.message()).stream()
                .map(delivery -> delivery.key().endpoint())
                .toList();
        assertThat(appended.deliveries()).isEqualTo(endpoints.size());
        return endpoints;
    }
}
