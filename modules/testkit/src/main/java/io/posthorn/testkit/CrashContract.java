package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Removal;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a durable engine still knows after its process was killed. Passed over by engines that are not durable. */
public abstract class CrashContract extends EngineSuite {
    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpointInADurableStore() {
        assumeTrue(fixture.durable(), "only durable engines keep anything");
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void acceptedMessagesAreStillThereAndGoOut() {
        // Given
        Buffer payload = Buffer.buffer("{\"text\": \"\\u00e9 \u00e9\", \"n\": 1.0}");
        Message message = store.accept(
                given.message(app.id()).eventId("evt-1").payload(payload).build());

        // When
        crash();

        // Then
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        ClaimedDelivery claimed = store.claimOne();
        assertThat(claimed.key()).isEqualTo(EngineDriver.key(message, endpoint));
        assertThat(claimed.message().payload()).isEqualTo(payload);
        assertThat(claimed.endpoint()).isEqualTo(endpoint);
        assertThat(store.append(given.message(app.id()).eventId("evt-1").build()))
                .isEqualTo(new AppendOutcome.EventIdTaken("evt-1"));
    }

    @Test
    void idempotencyKeysSurvive() {
        Message message = store.accept(given.message(app.id())
                .idempotencyKey(Fixtures.idempotencyKey("k", "body"))
                .build());

        crash();
        AppendOutcome again = store.append(given.message(app.id())
                .idempotencyKey(Fixtures.idempotencyKey("k", "body"))
                .build());

        assertThat(again)
                .isInstanceOfSatisfying(
                        AppendOutcome.Repeated.class,
                        repeated -> assertThat(repeated.message().id()).isEqualTo(message.id()));
    }

    @Test
    void whatWasSentAgainByHandIsNotHeldByTheLeaseThatItHad() {
        // Given: a lease of two, one of which failed and is sent again in the moment of its claim
        store.accept(app, 2);
        List<ClaimedDelivery> claimed = store.claim(2);
        ClaimedDelivery again = claimed.get(0);
        assertThat(store.exhaust(again)).isEqualTo(SettleOutcome.SETTLED);
        store.resend(again.key());

        // When
        crash();

        // Then
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 0, 0, 0, 1, 1));
        assertThat(store.claimOne().key()).isEqualTo(again.key());
    }

    @Test
    void whatWasPutBackUntriedIsNotHeldByTheLeaseThatItHad() {
        // Given: a lease of two, one of which is put back to the very place that it had
        store.accept(app, 2);
        List<ClaimedDelivery> claimed = store.claim(2);
        ClaimedDelivery again = claimed.get(0);
        assertThat(store.defer(again, Duration.ZERO)).isEqualTo(SettleOutcome.SETTLED);
        store.limit(endpoint, 10);

        // When
        crash();

        // Then
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 0, 0, 0, 1, 1));
        assertThat(store.claimOne().key()).isEqualTo(again.key());
    }

    @Test
    void directoryAndParkingSurvive() {
        // Given
        Endpoint disabled = store.save(store.endpoint(app).withDisabled(true, clock.instant()));
        Endpoint removed = store.endpoint(app);
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), removed.id())));
        store.accept(app);
        store.park(endpoint, MINUTE, 1);

        // When
        crash();

        // Then
        assertThat(store.claim(10)).isEmpty();
        assertThat(store.ask(10).nextAt()).isBeforeOrEqualTo(in(MINUTE));
        assertThat(resultOf(store.engine()
                                .find(new StorageQuery.Find.OneEndpoint(
                                        app.id(), disabled.id().value())))
                        .entity())
                .isEqualTo(disabled);
        store.pass(MINUTE);
        assertThat(store.claim(10)).hasSize(1);
    }

    @Test
    void fencesNeverGoBack() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery before = store.claimOne();

        // When
        crash();
        store.pass(LEASE_AND_MORE);
        ClaimedDelivery after = store.claimOne();
        SettleOutcome late = store.succeed(before);

        // Then
        assertThat(after.fence()).isGreaterThan(before.fence());
        assertThat(late).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.IN_FLIGHT);
        assertThat(store.succeed(after)).isEqualTo(SettleOutcome.SETTLED);
    }

    @Test
    void newestClaimOfSeveralIsTheOneThatHolds() {
        // Given: put back to the very place that it had, and claimed again
        Message message = store.accept(app);
        ClaimedDelivery first = store.claimOne();
        store.defer(first, Duration.ZERO);
        ClaimedDelivery second = store.claimOne();
        store.accept(app);

        // When
        crash();

        // Then
        assertThat(store.succeed(first)).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.IN_FLIGHT);
        assertThat(store.succeed(second)).isEqualTo(SettleOutcome.SETTLED);
    }

    @Test
    void heldDeliveryMayStillBeSettled() {
        assumeTrue(fixture.keepsUnflushed(), "a crash of this kind takes leases along, which costs a repeat");
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();

        crash();
        SettleOutcome outcome = store.succeed(claimed);

        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void resultsThatALaterAcceptedMessageFollowedAreStillKnown() {
        // Given
        Message succeeded = store.accept(app);
        store.succeed(store.claimOne());
        Message retried = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        store.accept(app);

        // When
        crash();

        // Then
        assertThat(store.delivery(succeeded, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.delivery(retried, endpoint).attempts()).isEqualTo(1);
        assertThat(store.attempts(retried)).hasSize(1);
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 1, 0, 0, 2, 0));
    }

    @Test
    void batchInTheMiddleOfACrashIsWholeOrNotThere() {
        // Given
        Endpoint second = store.endpoint(app);
        store.limit(endpoint, 1000);
        store.limit(second, 1000);
        List<NewMessage> messages = new ArrayList<>();
        List<Future<List<AppendOutcome>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            NewMessage message = given.message(app.id()).eventId("evt-" + i).build();
            messages.add(message);
            answers.add(store.engine().append(List.of(message)));
        }

        // When
        List<Boolean> accepted = new ArrayList<>();
        resultOf(answers.get(20));
        for (Future<List<AppendOutcome>> answer : answers) {
            accepted.add(answer.succeeded());
        }
        crash();

        // Then
        Books books = store.books();
        assertThat(books.created() % 2).as("half of a message's two deliveries").isZero();
        for (int i = 0; i < 200; i++) {
            AppendOutcome outcome = store.append(messages.get(i));
            if (accepted.get(i)) {
                assertThat(outcome).isInstanceOf(AppendOutcome.Repeated.class);
            }
        }
        assertThat(store.books()).isEqualTo(new Books(400, 0, 0, 0, 400, 0));
        store.limit(endpoint, 1000);
        store.limit(second, 1000);
        assertThat(store.claimAll())
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(400);
    }

    @Test
    void interruptedCancellationGoesOn() {
        // Given
        for (int i = 0; i < 30; i++) {
            store.accept(app, 200);
        }
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));
        resultOf(store.engine().sweep());

        // When
        crash();
        store.sweep();

        // Then
        assertThat(store.books()).isEqualTo(new Books(6000, 0, 0, 6000, 0, 0));
    }

    @Test
    void survivesManyCrashesWithALongQueue() {
        // Given
        store.limit(endpoint, 10_000);
        int sent = 0;

        // When
        for (int round = 0; round < 6; round++) {
            store.accept(app, 200);
            List<ClaimedDelivery> claimed = store.claim(50);
            for (ClaimedDelivery one : claimed.subList(0, 25)) {
                store.succeed(one);
                sent++;
            }
            store.accept(app);
            crash();
            store.limit(endpoint, 10_000);
            store.pass(LEASE_AND_MORE);
            assertThat(store.books().succeeded()).isEqualTo(sent);
        }

        // Then
        assertThat(store.claimAll())
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(1206 - sent);
    }

    @Test
    void clockThatGoesBackOverARestartHidesNothing() {
        store.accept(app);

        clock.advance(Duration.ofHours(-1));
        crash();

        assertThat(store.claim(1)).hasSize(1);
    }
}
