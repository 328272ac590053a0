package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.StorageQuery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That everything goes at its time, a little at a time, and stays counted. Engines keep attempts for 30 days here. */
public abstract class RetentionContract extends EngineSuite {
    /** How long the engine of a fixture keeps attempts, and records after their contents. */
    public static final Duration ATTEMPT_RETENTION = Duration.ofDays(30);

    private static final Duration DAY = Duration.ofDays(1);

    /** Sweeps may come later than the moment by this much. */
    private static final Duration SLACK = Duration.ofHours(2);

    private static final PageRequest ALL = new PageRequest(PageRequest.MAX_LIMIT, null, false, true);
    private static final int MANY = 3_000;

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void contentsGoAtTheirTimeAndNothingElse() {
        // Given
        Message shortLived =
                store.accept(message().retention(DAY).eventId("evt-1").build());
        Message longLived =
                store.accept(message().retention(DAY.multipliedBy(5)).build());
        store.claimAll().forEach(store::succeed);

        // When
        store.pass(DAY.plus(SLACK));

        // Then
        assertThat(stored(shortLived).payload()).isNull();
        assertThat(stored(longLived).payload()).isNotNull();
        assertThat(store.delivery(shortLived, endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.attempts(shortLived)).hasSize(1);
        assertThat(codeOf(store.engine().resend(EngineDriver.key(shortLived, endpoint))))
                .isEqualTo(ErrorCode.MISSING_PAYLOAD);
        assertThat(store.append(message().eventId("evt-1").build())).isInstanceOf(AppendOutcome.EventIdTaken.class);
        store.resend(EngineDriver.key(longLived, endpoint));
        assertThat(store.claimOne().message().payload()).isEqualTo(longLived.payload());
    }

    @Test
    void attemptsGoAfterTheirOwnTime() {
        // Given
        Message message = store.accept(message().retention(DAY.multipliedBy(90)).build());
        store.succeed(store.claimOne());
        store.pass(DAY.multipliedBy(10));
        store.resend(EngineDriver.key(message, endpoint));
        store.succeed(store.claimOne());

        // When
        store.pass(DAY.multipliedBy(20).plus(SLACK));
        List<Attempt> afterAMonth = store.attempts(message);
        List<Attempt> ofEndpoint = attemptsOfEndpoint();
        store.pass(DAY.multipliedBy(10));

        // Then
        assertThat(afterAMonth).hasSize(1).extracting(Attempt::number).containsOnly(2);
        assertThat(ofEndpoint).isEqualTo(afterAMonth);
        assertThat(store.attempts(message)).isEmpty();
        assertThat(attemptsOfEndpoint()).isEmpty();
        assertThat(store.delivery(message, endpoint).attempts()).isEqualTo(2);
        assertThat(stored(message).payload()).isNotNull();
    }

    @Test
    void recordsGoLastAndStayCounted() {
        // Given
        Message succeeded = accepted();
        store.succeed(store.claimOne());
        Message failed = accepted();
        store.exhaust(store.claimOne());
        Message longLived =
                store.accept(message().retention(DAY.multipliedBy(3)).build());
        store.retry(store.claimOne(), MINUTE);
        Books before = store.books(endpoint);

        // When
        store.pass(DAY.plus(ATTEMPT_RETENTION).minus(SLACK));
        boolean early = exists(succeeded) && exists(failed);
        store.pass(SLACK.plus(SLACK));

        // Then
        assertThat(early).isTrue();
        assertThat(exists(succeeded)).isFalse();
        assertThat(exists(failed)).isFalse();
        assertThat(exists(longLived)).isTrue();
        assertThat(store.attempts(succeeded)).isEmpty();
        assertThat(store.books(endpoint)).isEqualTo(before).isEqualTo(new Books(3, 1, 1, 0, 1, 0));
        assertThat(deliveriesOfEndpoint())
                .extracting(one -> one.key().message())
                .containsExactly(longLived.id());
        store.pass(DAY.multipliedBy(2));
        assertThat(deliveriesOfEndpoint()).isEmpty();
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 1, 1, 1, 0, 0));
    }

    @Test
    void whatStillWaitsThenIsCancelled() {
        // Given
        endpoint = store.save(endpoint.withDisabled(true, clock.instant()));
        Endpoint other = store.endpoint(app);
        store.limit(other, 100);
        store.accept(message().onlyEndpoint(endpoint.id()).retention(DAY).build());
        Message retried =
                store.accept(message().onlyEndpoint(other.id()).retention(DAY).build());
        store.retry(store.claimOne(), DAY.multipliedBy(60));

        // When
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));
        endpoint = store.save(endpoint.withDisabled(false, clock.instant()));

        // Then
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 1, 0, 0));
        assertThat(store.books(other)).isEqualTo(new Books(1, 0, 0, 1, 0, 0));
        clock.advance(DAY.multipliedBy(60));
        assertThat(store.claimAll()).isEmpty();
        assertThat(exists(retried)).isFalse();
        store.accept(app);
        assertThat(store.claimAll()).hasSize(2);
    }

    @Test
    void whatIsInFlightMakesTheRecordWait() {
        // Given
        Message message = accepted();
        Message idle = accepted();
        ClaimedDelivery held = resultOf(
                        store.engine().claim(new ClaimRequest(Fixtures.NODE, 1, DAY.multipliedBy(100), Duration.ZERO)))
                .deliveries()
                .get(0);
        Message first = held.key().message().equals(message.id()) ? message : idle;
        Message second = first.equals(message) ? idle : message;

        // When
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));
        boolean waited = exists(first) && !exists(second);
        Books meanwhile = store.books(endpoint);
        SettleOutcome settled = store.succeed(held);
        store.pass(SLACK);

        // Then
        assertThat(waited).isTrue();
        assertThat(meanwhile).isEqualTo(new Books(2, 0, 0, 1, 0, 1));
        assertThat(settled).isEqualTo(SettleOutcome.SETTLED);
        assertThat(exists(first)).isFalse();
        assertThat(store.books(endpoint)).isEqualTo(new Books(2, 1, 0, 1, 0, 0));
    }

    @Test
    void resultThatComesAfterTheRecordLeavesNothingBehind() {
        // Given
        Message message = accepted();
        ClaimedDelivery claimed = store.claimOne();
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));

        // When
        SettleOutcome late = store.succeed(claimed);

        // Then
        assertThat(late).isEqualTo(SettleOutcome.FENCED);
        assertThat(store.attempts(message)).isEmpty();
        assertThat(attemptsOfEndpoint()).isEmpty();
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 1, 0, 0));
    }

    @Test
    void eventIdIsFreeAgainAfterTheRecord() {
        // Given
        store.accept(message().eventId("evt-1").retention(DAY).build());
        store.succeed(store.claimOne());
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));

        // When
        AppendOutcome again =
                store.append(message().eventId("evt-1").retention(DAY).build());
        store.pass(DAY.plus(SLACK));

        // Then
        assertThat(again).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.append(message().eventId("evt-1").build())).isInstanceOf(AppendOutcome.EventIdTaken.class);
    }

    @Test
    void oneSweepDoesABoundedAmount() {
        // Given
        List<Message> messages = acceptMany();

        // When
        clock.advance(DAY.plus(SLACK));
        Duration afterOne = resultOf(store.engine().sweep());
        store.sweep();
        clock.advance(ATTEMPT_RETENTION);
        Duration pause = resultOf(store.engine().sweep());
        long records = messages.stream().filter(this::exists).count();
        store.sweep();

        // Then
        assertThat(afterOne).isZero();
        assertThat(pause).isZero();
        assertThat(records).isPositive();
        assertThat(messages).noneMatch(this::exists);
        assertThat(store.books(endpoint)).isEqualTo(new Books(MANY, 0, 0, MANY, 0, 0));
    }

    @Test
    void interruptedSweepsGoOn() {
        // Given
        assumeThat(fixture.durable()).as("durable").isTrue();
        List<Message> messages = acceptMany();
        clock.advance(DAY.plus(SLACK));
        resultOf(store.engine().sweep());
        crash();
        store.sweep();
        clock.advance(ATTEMPT_RETENTION);
        resultOf(store.engine().sweep());

        // When
        crash();
        store.sweep();

        // Then
        assertThat(messages).noneMatch(this::exists);
        assertThat(store.books(endpoint)).isEqualTo(new Books(MANY, 0, 0, MANY, 0, 0));
        assertThat(deliveriesOfEndpoint()).isEmpty();
    }

    @Test
    void deliveriesOfARemovedEndpointGoToo() {
        // Given
        Message message = accepted();
        store.succeed(store.claimOne());
        store.accept(message().retention(DAY).build());
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), endpoint.id())));

        // When
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));

        // Then
        assertThat(exists(message)).isFalse();
        assertThat(store.books()).isEqualTo(new Books(2, 1, 0, 1, 0, 0));
    }

    @Test
    void messageWithoutDeliveriesGoesToo() {
        // Given
        Application silent = store.application();
        Message message = store.accept(given.message(silent.id()).retention(DAY).build());

        // When
        store.pass(DAY.plus(ATTEMPT_RETENTION).plus(SLACK));

        // Then
        assertThat(exists(message)).isFalse();
    }

    private MessageBuilder message() {
        return given.message(app.id());
    }

    private Message accepted() {
        return store.accept(message().retention(DAY).build());
    }

    private List<Message> acceptMany() {
        List<Message> messages = new ArrayList<>();
        for (int left = MANY; left > 0; left -= 500) {
            List<NewMessage> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                batch.add(message().retention(DAY).build());
            }
            messages.addAll(store.accept(batch));
        }
        return messages;
    }

    private Message stored(Message message) {
        return resultOf(store.engine()
                .message(new StorageQuery.OneMessage(
                        message.application(), message.id().value(), true)));
    }

    private boolean exists(Message message) {
        StorageQuery.OneMessage query =
                new StorageQuery.OneMessage(message.application(), message.id().value(), false);
        return resultOf(store.engine().message(query).map(found -> true).otherwise(cause -> {
            assertThat(cause).hasMessage("Entity not found");
            return false;
        }));
    }

    private List<Attempt> attemptsOfEndpoint() {
        return resultOf(store.engine()
                        .attempts(
                                new StorageQuery.Attempts(app.id(), null, endpoint.id(), null, null, null, null, ALL)))
                .items();
    }

    private List<Delivery> deliveriesOfEndpoint() {
        return resultOf(store.engine()
                        .deliveries(
                                new StorageQuery.DeliveriesOfEndpoint(app.id(), endpoint.id(), null, null, null, ALL)))
                .items();
    }
}
