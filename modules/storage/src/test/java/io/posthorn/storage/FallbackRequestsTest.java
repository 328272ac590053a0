package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.StorageQuery;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that is repeated over a change of stores is known. */
class FallbackRequestsTest {
    private static final IdempotencyKey KEY = Fixtures.idempotencyKey("k", "body");

    private final FallbackRun run = new FallbackRun();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void theSpareKnowsWhatThePrimaryAcceptedThroughThisNode() {
        // Given
        run.start();
        Application application = mirrored();
        MessageId first = idOf(run.append(keyed(application)));
        AppendOutcome event = run.append(named(application, "e-1"));

        // When
        run.primary.goAway();
        run.awaitSpare();

        // Then
        assertThat(run.append(keyed(application))).isInstanceOf(AppendOutcome.Repeated.class);
        assertThat(idOf(run.append(keyed(application)))).isEqualTo(first);
        assertThat(event).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(run.append(named(application, "e-1"))).isEqualTo(new AppendOutcome.EventIdTaken("e-1"));
        assertThat(run.append(run.fixtures
                        .message(application.id())
                        .idempotencyKey(Fixtures.idempotencyKey("k", "other"))
                        .build()))
                .isInstanceOf(AppendOutcome.KeyReused.class);
        assertThat(run.spareBooks().created()).isZero();
    }

    @Test
    void aRequestWithoutAnAnswerFromThePrimaryIsOneMessageInTheEnd() {
        // Given
        run.start();
        Application application = mirrored();
        Endpoint unused = run.endpoint(application);
        awaitEndpoint(application, unused);
        NewMessage request = keyed(application);
        List<AppendOutcome> stored = Futures.resultOf(run.primary.direct().append(List.of(request)));
        run.primary.goAway();
        ErrorCode lost = Futures.codeOf(run.engine().append(List.of(request)));

        // When
        run.awaitSpare();
        MessageId again = idOf(run.append(keyed(application)));
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(lost).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(again).isEqualTo(idOf(stored.get(0)));
        assertThat(run.primaryBooks().created()).isEqualTo(1);
    }

    @Test
    void thePrimaryKnowsWhatTheSpareAccepted() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        MessageId first = idOf(run.append(keyed(application)));
        ClaimedDelivery inFlight = run.claim(1).get(0);

        // When
        run.primary.comeBack();
        run.awaitDetail("in flight from the disk");
        AppendOutcome whileDraining = run.append(keyed(application));
        AppendOutcome other = run.append(run.fixtures.message(application.id()).build());
        Future<Void> moving = run.primary.hold("write");
        assertThat(run.succeed(inFlight)).isNotNull();
        Futures.resultOf(moving);
        ErrorCode whileMoving = Futures.codeOf(run.engine().append(List.of(keyed(application))));
        run.primary.release("write");
        run.awaitPrimary();
        AppendOutcome afterwards = run.append(keyed(application));

        // Then
        assertThat(whileDraining).isInstanceOf(AppendOutcome.Repeated.class);
        assertThat(idOf(whileDraining)).isEqualTo(first);
        assertThat(other).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(whileMoving).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(idOf(afterwards)).isEqualTo(first);
        assertThat(run.primaryBooks().created()).isEqualTo(2);
    }

    @Test
    void anEventThatIsStillBeingStoredWhenThePrimaryComesBackIsMovedToo() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        Future<Void> storing = run.spare.hold("append");
        Future<List<AppendOutcome>> slow = run.engine().append(List.of(keyed(application)));
        Futures.resultOf(storing);

        // When
        run.primary.comeBack();
        run.awaitDetail("moving what was accepted");
        run.spare.release("append");
        run.accepted.add(idOf(Futures.resultOf(slow).get(0)));
        run.awaitPrimary();

        // Then
        assertThat(run.primaryBooks().created()).isEqualTo(1);
        run.deliverAllOnce();
    }

    @Test
    void theNextProgramKnowsWhatTheSpareAccepted() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        MessageId first = idOf(run.append(keyed(application)));
        run.crash();
        Future<Void> moving = run.spare.hold("clear");

        // When
        run.primary.comeBack();
        run.start();
        Futures.resultOf(moving);
        ErrorCode whileMoving = Futures.codeOf(run.engine().append(List.of(keyed(application))));
        run.spare.release("clear");
        run.awaitPrimary();

        // Then
        assertThat(whileMoving).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(idOf(run.append(keyed(application)))).isEqualTo(first);
    }

    private Application mirrored() {
        Application application = run.application();
        await().untilAsserted(() -> assertThat(run.spare
                        .direct()
                        .find(new StorageQuery.Find.OneApplication(
                                OrganizationId.DEFAULT, application.id().toString())))
                .satisfies(Futures::resultOf));
        return application;
    }

    private void awaitEndpoint(Application application, Endpoint endpoint) {
        await().untilAsserted(() -> assertThat(run.spare
                        .direct()
                        .find(new StorageQuery.Find.OneEndpoint(
                                application.id(), endpoint.id().toString())))
                .satisfies(Futures::resultOf));
    }

    private NewMessage keyed(Application application) {
        return run.fixtures.message(application.id()).idempotencyKey(KEY).build();
    }

    private NewMessage named(Application application, String eventId) {
        return run.fixtures.message(application.id()).eventId(eventId).build();
    }

    private static MessageId idOf(AppendOutcome outcome) {
        return outcome instanceof AppendOutcome.Appended appended
                ? appended.message().id()
                : ((AppendOutcome.Repeated) outcome).message().id();
    }
}
