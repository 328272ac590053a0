package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FallbackEngineTest {
    private final FallbackRun run = new FallbackRun();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void usesThePrimaryWhileItIsThere() {
        // Given
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);

        // When
        run.accept(application.id(), 3);

        // Then
        assertThat(run.primaryBooks().waiting()).isEqualTo(3);
        assertThat(run.spareBooks().created()).isZero();
        run.deliverAllOnce();
    }

    @Test
    void startsWithoutThePrimaryAndMovesWhatItAcceptedWhenThatAppears() {
        // Given
        run.primary.goAway();
        run.start();
        run.awaitSpare();
        Application application = run.application();
        Endpoint endpoint = run.endpoint(application);
        run.accept(application.id(), 20);
        run.claim(5).forEach(run::succeed);

        // When
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(run.health().detail()).contains("moved from disk: ");
        assertThat(run.primaryBooks().succeeded()).isEqualTo(5);
        assertThat(entity(run.primary.direct(), application.id(), endpoint)).isEqualTo(endpoint);
        assertThat(run.spareBooks().created()).isZero();
        run.deliverAllOnce();
    }

    @Test
    void saysWhyThePrimaryIsRefusedAndGoesOnLookingForIt() {
        // Given
        run.primary.refuse(new StoreRefused("redis at 127.0.0.1:1: user or password is wrong"));
        run.start();

        // When
        run.awaitDetail("user or password is wrong");
        RoleHealth.Check before = run.health();
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(before.status()).isEqualTo(RoleHealth.Status.DEGRADED);
    }

    @Test
    void takesEventsOfKnownApplicationsWhenThePrimaryGoesAway() {
        // Given
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        run.accept(application.id(), 2);
        awaitMirrored(application.id(), unused);

        // When
        run.primary.goAway();
        run.awaitSpare();
        run.accept(application.id(), 3);
        run.claim(2).forEach(run::succeed);
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        run.deliverAllOnce();
    }

    @Test
    void failsCallsInAShortAbsenceAndStaysOnThePrimary() {
        // Given
        run.start();
        Application application = run.application();

        // When
        run.primary.goAway();
        ErrorCode code = Futures.codeOf(run.engine()
                .append(List.of(run.fixtures.message(application.id()).build())));
        run.primary.comeBack();

        // Then
        assertThat(code).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(run.health().detail()).doesNotContain("cannot be used");
    }

    @Test
    void keepsResultsOfThePrimaryUntilItIsBack() {
        // Given
        run.start();
        Application application = run.application();
        Endpoint endpoint = run.endpoint(application);
        run.accept(application.id(), 4);
        List<ClaimedDelivery> claimed = run.claim(4);
        awaitMirrored(application.id(), endpoint);

        // When
        run.primary.goAway();
        run.awaitSpare();
        claimed.forEach(one -> assertThat(run.succeed(one)).isEqualTo(SettleOutcome.SETTLED));
        run.awaitDetail("4 results are kept");
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(run.primaryBooks().succeeded()).isEqualTo(4);
        assertThat(run.spareBooks().created()).isZero();
        run.deliverAllOnce();
    }

    @Test
    void waitsForWhatIsInFlightFromTheSpareBeforeItMoves() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        run.accept(application.id(), 3);
        List<ClaimedDelivery> claimed = run.claim(2);

        // When
        run.primary.comeBack();
        run.awaitDetail("in flight from the disk");
        boolean movedTooEarly = run.primaryBooks().created() > 0;
        claimed.forEach(one -> assertThat(run.succeed(one)).isEqualTo(SettleOutcome.SETTLED));
        run.awaitPrimary();

        // Then
        assertThat(movedTooEarly).isFalse();
        assertThat(run.primaryBooks().succeeded()).isEqualTo(2);
        run.deliverAllOnce();
    }

    @Test
    void recordsALateResultOfTheSpareAfterTheMove() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        MessageId message = run.accept(application.id());
        ClaimedDelivery claimed = run.claim(1).get(0);
        Future<Void> moving = run.spare.hold("clear");
        run.crash();
        run.primary.comeBack();
        run.start();
        run.awaitPrimary();

        // When
        SettleOutcome outcome = run.succeed(claimed);

        // Then
        assertThat(moving.isComplete()).isFalse();
        assertThat(outcome).isEqualTo(SettleOutcome.FENCED);
        assertThat(Futures.resultOf(run.primary
                                .direct()
                                .attempts(new StorageQuery.Attempts(
                                        application.id(), message, null, null, null, null, null, page())))
                        .items())
                .hasSize(1);
    }

    @Test
    void handsOutDeliveriesOfThePrimaryWhileItMoves() {
        // Given
        Application application = run.saveIn(run.primary.direct(), run.fixtures.application());
        Endpoint endpoint = run.saveIn(
                run.primary.direct(), run.fixtures.endpoint(application.id()).build());
        run.start();
        awaitMirrored(application.id(), endpoint);
        run.accept(application.id(), 3);
        run.primary.goAway();
        run.awaitSpare();
        run.accept(application.id(), 3);
        Future<Void> moving = run.primary.hold("write");

        // When
        run.primary.comeBack();
        Futures.resultOf(moving);
        await().until(() -> run.health().detail().contains("moving what was accepted"));
        MessageId fresh = run.accept(application.id());
        List<ClaimedDelivery> claimed = run.claim(10);
        claimed.forEach(run::succeed);
        run.primary.release("write");
        run.awaitPrimary();

        // Then
        assertThat(claimed).hasSize(4).anyMatch(one -> one.key().message().equals(fresh));
        run.deliverAllOnce();
    }

    @Test
    void findsInTheSpareWhatIsNotMovedYet() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        MessageId message = run.accept(application.id());
        Future<Void> clearing = run.spare.hold("mark");
        run.primary.comeBack();
        Futures.resultOf(clearing);

        // When
        var found = run.engine().message(new StorageQuery.OneMessage(application.id(), message.toString(), true));

        // Then
        assertThat(Futures.resultOf(found).id()).isEqualTo(message);
        run.spare.release("mark");
        run.awaitPrimary();
    }

    @Test
    void saysUnavailableOfWhatOnlyThePrimaryMayKnow() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        StorageEngine engine = run.engine();

        // Then
        assertThat(Futures.codeOf(engine.message(new StorageQuery.OneMessage(
                        application.id(), MessageId.at(0).toString(), false))))
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(run.append(run.fixtures.message(ApplicationId.at(0)).build()))
                .isEqualTo(new AppendOutcome.NotNow());
        assertThat(Futures.codeOf(engine.remove(new Removal.OfApplication(OrganizationId.DEFAULT, application.id()))))
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(Futures.codeOf(engine.tasks(new StorageQuery.Tasks(OrganizationId.DEFAULT, null, page()))))
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void dropsAUidThatAnotherEntityTookMeanwhile() {
        // Given
        run.primary.goAway();
        run.start();
        Application here = run.save(run.fixtures.application("shop"));
        Endpoint unused = run.endpoint(here);
        run.accept(here.id(), 1);
        Application there = run.saveIn(run.primary.direct(), run.fixtures.application("shop"));

        // When
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(run.health().detail()).contains("1 changes to fit");
        assertThat(application(run.primary.direct(), "shop").id()).isEqualTo(there.id());
        assertThat(application(run.primary.direct(), here.id().toString()).uid())
                .isNull();
        run.deliverAllOnce();
    }

    @Test
    void doesNotBringBackAnEndpointThatWasDeletedMeanwhile() {
        // Given
        run.start();
        Application application = run.application();
        Endpoint endpoint = run.endpoint(application);
        awaitMirrored(application.id(), endpoint);
        run.primary.goAway();
        run.awaitSpare();
        run.accept(application.id(), 3);

        // When
        Futures.resultOf(run.primary.direct().remove(new Removal.OfEndpoint(application.id(), endpoint.id())));
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(Futures.codeOf(run.primary
                        .direct()
                        .find(new StorageQuery.Find.OneEndpoint(
                                application.id(), endpoint.id().toString()))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        await().untilAsserted(() -> {
            assertThat(run.claim(10)).isEmpty();
            Futures.resultOf(run.engine().sweep());
            assertThat(run.primaryBooks().cancelled()).isEqualTo(3);
            assertThat(run.primaryBooks().waiting()).isZero();
        });
    }

    @Test
    void takesEventsButHandsOutNoneWhenThePrimaryGoesAwayInTheMiddleOfAMove() {
        // Given
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        run.accept(application.id(), 5);
        Future<Void> clearing = run.primary.hold("write");
        run.primary.comeBack();
        Futures.resultOf(clearing);
        run.primary.release("write");
        Future<Void> lastPart = run.spare.hold("mark");
        Futures.resultOf(lastPart);
        Future<Void> parts = run.primary.hold("write");
        run.spare.release("mark");
        Futures.resultOf(parts);

        // When
        run.primary.goAway();
        run.awaitDetail("was moved already");
        run.accept(application.id(), 2);
        List<ClaimedDelivery> claimed = run.claim(10);
        run.primary.release("write");
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        assertThat(claimed).isEmpty();
        run.deliverAllOnce();
    }

    @Test
    void followsChangesOfTheDirectoryThatOthersMake() {
        // Given
        run.start();
        Application application = run.saveIn(run.primary.direct(), run.fixtures.application("a"));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(application(run.spare.direct(), "a").id()).isEqualTo(application.id()));

        // When
        Futures.resultOf(
                run.primary.direct().remove(new Removal.OfApplication(OrganizationId.DEFAULT, application.id())));
        Application next = run.saveIn(run.primary.direct(), run.fixtures.application("a"));

        // Then
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(application(run.spare.direct(), "a").id()).isEqualTo(next.id()));
    }

    private void awaitMirrored(ApplicationId application, Endpoint endpoint) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(entity(run.spare.direct(), application, endpoint))
                        .isEqualTo(endpoint));
    }

    private static Entity entity(StorageEngine engine, ApplicationId application, Endpoint endpoint) {
        return Futures.resultOf(engine.find(new StorageQuery.Find.OneEndpoint(
                        application, endpoint.id().toString())))
                .entity();
    }

    private static Application application(StorageEngine engine, String reference) {
        return (Application)
                Futures.resultOf(engine.find(new StorageQuery.Find.OneApplication(OrganizationId.DEFAULT, reference)))
                        .entity();
    }

    private static PageRequest page() {
        return new PageRequest(50, null, false, false);
    }
}
