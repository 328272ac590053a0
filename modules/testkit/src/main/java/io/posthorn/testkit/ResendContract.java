package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a resend by hand does in each state. */
public abstract class ResendContract extends EngineSuite {
    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
    }

    @Test
    void succeededDeliveryIsTriedOnceMore() {
        // Given
        Message message = store.accept(app);
        store.succeed(store.claimOne());

        // When
        store.resend(EngineDriver.key(message, endpoint));
        Books waiting = store.books(endpoint);
        ClaimedDelivery again = store.claimOne();
        SettleOutcome outcome = store.succeed(again);

        // Then
        assertThat(waiting).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(again.trigger()).isEqualTo(Trigger.MANUAL);
        assertThat(again.message().payload()).isNotNull();
        assertThat(outcome).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
        assertThat(store.attempts(message)).hasSize(2);
    }

    @Test
    void failedDeliveryIsTriedOnceMoreAndMayFailAgain() {
        // Given
        Message message = store.accept(app);
        store.exhaust(store.claimOne());

        // When
        store.resend(EngineDriver.key(message, endpoint));
        ClaimedDelivery again = store.claimOne();
        store.exhaust(again);

        // Then
        assertThat(again.trigger()).isEqualTo(Trigger.MANUAL);
        assertThat(store.delivery(message, endpoint).state()).isEqualTo(DeliveryState.FAILED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 1, 0, 0, 0));
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void cancelledDeliveryIsTried() {
        Message message = store.accept(app);
        store.settle(store.claimOne(), new Settlement.Verdict.Cancelled());

        store.resend(EngineDriver.key(message, endpoint));

        assertThat(store.claimOne().attempt()).isEqualTo(1);
    }

    @Test
    void waitingRetryIsDueAtOnce() {
        Message message = store.accept(app);
        store.retry(store.claimOne(), MINUTE);
        assertThat(store.claim(1)).isEmpty();

        store.resend(EngineDriver.key(message, endpoint));

        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
        ClaimedDelivery again = store.claimOne();
        assertThat(again.attempt()).isEqualTo(2);
        store.succeed(again);
        store.pass(MINUTE.multipliedBy(2));
        assertThat(store.claim(1)).isEmpty();
    }

    @Test
    void waitingDeliveryMovesToTheFront() {
        // Given
        List<Message> messages = store.accept(app, 5);
        MessageId last =
                messages.stream().map(Message::id).max(MessageId::compareTo).orElseThrow();

        // When
        store.resend(new DeliveryKey(app.id(), endpoint.id(), last));

        // Then
        assertThat(store.claimOne().key().message()).isEqualTo(last);
        assertThat(store.claimAll()).hasSize(4);
        assertThat(store.books(endpoint).created()).isEqualTo(5);
    }

    @Test
    void deliveryInFlightStaysWhereItIs() {
        // Given
        Message message = store.accept(app);
        ClaimedDelivery claimed = store.claimOne();

        // When
        store.resend(EngineDriver.key(message, endpoint));
        List<ClaimedDelivery> twice = store.claim(1);

        // Then
        assertThat(twice).isEmpty();
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 0, 1));
        assertThat(store.succeed(claimed)).isEqualTo(SettleOutcome.SETTLED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
    }

    @Test
    void endpointThatNeverGotItGetsIt() {
        // Given
        Message message = store.accept(app);
        store.succeed(store.claimOne());
        Endpoint later = store.endpoint(app);

        // When
        store.resend(EngineDriver.key(message, later));
        ClaimedDelivery claimed = store.claimOne();

        // Then
        assertThat(claimed.key()).isEqualTo(EngineDriver.key(message, later));
        assertThat(claimed.attempt()).isEqualTo(1);
        assertThat(store.deliveries(message)).hasSize(2);
        assertThat(store.books(later)).isEqualTo(new Books(1, 0, 0, 0, 0, 1));
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        Message message = store.accept(app);
        EndpointId noEndpoint = EndpointId.at(clock.millis());
        MessageId noMessage = MessageId.at(clock.millis());

        assertThat(codeOf(store.engine().resend(new DeliveryKey(app.id(), noEndpoint, message.id()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(store.engine().resend(new DeliveryKey(app.id(), endpoint.id(), noMessage))))
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void expungedPayloadCannotBeSent() {
        Message message = store.accept(app);
        store.succeed(store.claimOne());
        Futures.resultOf(store.engine().expunge(new Requests.ExpungeMessage(app.id(), message.id())));

        assertThat(codeOf(store.engine().resend(EngineDriver.key(message, endpoint))))
                .isEqualTo(ErrorCode.MISSING_PAYLOAD);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 1, 0, 0, 0, 0));
    }

    @Test
    void expiredPayloadCannotBeSent() {
        Message message = store.accept(
                given.message(app.id()).retention(Duration.ofDays(5)).build());
        store.succeed(store.claimOne());

        store.pass(Duration.ofDays(6));

        assertThat(codeOf(store.engine().resend(EngineDriver.key(message, endpoint))))
                .isEqualTo(ErrorCode.MISSING_PAYLOAD);
    }
}
