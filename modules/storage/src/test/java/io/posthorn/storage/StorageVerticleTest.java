package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Address;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.Claimed;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StorageVerticleTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MANY = 2_000;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final InstantSource clock = InstantSource.system();
    private final Fixtures fixtures = new Fixtures(clock);
    private String deployment;
    private Application application;
    private Endpoint endpoint;

    @BeforeEach
    void start() {
        deployment = Futures.resultOf(vertx.deployVerticle(
                new StorageVerticle(LocalEngines.memory(EngineOptions.defaults(), clock), bus, clock, () -> 0)));
        application = (Application) save(fixtures.application());
        endpoint = (Endpoint) save(fixtures.endpoint(application.id()).build());
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void claimThatFindsNothingIsAnsweredTheMomentSomethingIsAppended() {
        // Given
        Future<Claimed> waiting = claim(10, LONG);

        // When
        append();
        Claimed claimed = Futures.resultOf(waiting);

        // Then
        assertThat(claimed.deliveries()).hasSize(1);
    }

    @Test
    void noAnnouncementIsLostBetweenAClaimAndItsWait() {
        for (int i = 0; i < MANY; i++) {
            // When: an append that comes before, beside or after the claim
            Future<Claimed> claimed = claim(1, LONG);
            append();

            // Then: it is found, and not by the end of patience
            List<ClaimedDelivery> found = Futures.resultOf(claimed).deliveries();
            assertThat(found).hasSize(1);
            settle(found.get(0), new Settlement.Verdict.Succeeded());
        }
    }

    @Test
    void claimIsAnsweredWithNothingWhenItsPatienceEnds() {
        // When
        Claimed claimed = Futures.resultOf(claim(10, Duration.ofMillis(50)));

        // Then
        assertThat(claimed.deliveries()).isEmpty();
    }

    @Test
    void claimIsAnsweredBeforeItsCallerGivesUp() {
        // When
        Claimed claimed = Futures.resultOf(bus.request(
                Addresses.CLAIM,
                new ClaimRequest(Fixtures.NODE, 10, LEASE, LONG),
                Deadline.after(Duration.ofMillis(300))));

        // Then
        assertThat(claimed.deliveries()).isEmpty();
    }

    @Test
    void waitingClaimWakesForADeliveryThatIsDueLater() {
        // Given
        append();
        ClaimedDelivery first = Futures.resultOf(claim(1, LONG)).deliveries().get(0);
        Instant due = clock.instant().plusMillis(200);
        settle(first, new Settlement.Verdict.Retry(due));

        // When
        List<ClaimedDelivery> again = Futures.resultOf(claim(1, LONG)).deliveries();

        // Then
        assertThat(again)
                .singleElement()
                .satisfies(one -> assertThat(one.attempt()).isEqualTo(2));
        assertThat(clock.instant()).isAfterOrEqualTo(due);
    }

    @Test
    void severalWaitingClaimsShareTheWork() {
        // Given
        Future<Claimed> one = claim(1, LONG);
        Future<Claimed> other = claim(1, LONG);

        // When
        append();
        append();

        // Then
        assertThat(List.of(Futures.resultOf(one), Futures.resultOf(other)))
                .extracting(claimed -> claimed.deliveries().get(0).key().message())
                .doesNotHaveDuplicates();
    }

    @Test
    void stopAnswersTheClaimsThatWaitAndServesNothingMore() {
        // Given
        Future<Claimed> waiting = claim(1, LONG);
        RoleHealth health = ask(Addresses.healthOf("storage"), new RoleHealth.Ask());

        // When
        Futures.resultOf(vertx.undeploy(deployment));

        // Then
        assertThat(health.status()).isEqualTo(RoleHealth.Status.DEGRADED);
        assertThat(Futures.resultOf(waiting).deliveries()).isEmpty();
        assertThat(Futures.codeOf(claim(1, LONG))).isEqualTo(ErrorCode.ROLE_UNAVAILABLE);
    }

    @Test
    void refusesToServeASecondStoreBesideTheOneThatIsServed() {
        // Given
        String first = ask(Addresses.STORE, new StorageQuery.WhichStore()).id();

        // When
        Throwable refused = Futures.failureOf(vertx.deployVerticle(
                new StorageVerticle(LocalEngines.memory(EngineOptions.defaults(), clock), bus, clock, () -> 0)));

        // Then
        assertThat(refused).isInstanceOf(StoreRefused.class).hasMessageContaining(first);
        assertThat(ask(Addresses.STORE, new StorageQuery.WhichStore()).id()).isEqualTo(first);
    }

    @Test
    void endsTheLeasesOfANodeThatIsGone() {
        // Given
        append();
        ClaimedDelivery lost = Futures.resultOf(claim(1, LONG)).deliveries().get(0);
        Future<Claimed> waiting = claim(1, LONG);

        // When
        Requests.Done done = ask(Addresses.RELEASE_LEASES, new Requests.ReleaseLeases(Fixtures.NODE));

        // Then
        assertThat(done).isNotNull();
        assertThat(Futures.resultOf(waiting).deliveries())
                .extracting(ClaimedDelivery::key)
                .containsExactly(lost.key());
    }

    @Test
    void answersQuestionsAboutWhatItHolds() {
        // Given
        append();

        // When
        Backlog backlog = ask(Addresses.BACKLOG, new Backlog.Ask(0));
        Entity found = ask(
                        Addresses.FIND,
                        new StorageQuery.Find.OneApplication(
                                application.organization(), application.id().value()))
                .entity();

        // Then
        assertThat(backlog.books().waiting()).isEqualTo(1);
        assertThat(backlog.byCause()).hasSize(1);
        assertThat(found).isEqualTo(application);
    }

    private Future<Claimed> claim(int max, Duration patience) {
        return bus.request(
                Addresses.CLAIM,
                new ClaimRequest(Fixtures.NODE, max, LEASE, patience),
                Deadline.after(LONG.plus(LONG)));
    }

    private void append() {
        List<AppendOutcome> outcomes = ask(
                        Addresses.APPEND,
                        new Batches.Appends(
                                List.of(fixtures.message(application.id()).build())))
                .items();
        assertThat(outcomes).singleElement().isInstanceOf(AppendOutcome.Appended.class);
    }

    private void settle(ClaimedDelivery claimed, Settlement.Verdict verdict) {
        Settlement settlement = new Settlement(claimed.key(), claimed.fence(), verdict, fixtures.attempt(claimed, 500));
        assertThat(ask(Addresses.SETTLE, new Batches.Settlements(List.of(settlement)))
                        .items())
                .containsExactly(SettleOutcome.SETTLED);
        assertThat(endpoint.disabled()).isFalse();
    }

    private Entity save(Entity entity) {
        SaveOutcome outcome = ask(Addresses.SAVE, new Requests.Save(entity, null));
        return ((SaveOutcome.Saved) outcome).entity();
    }

    private <Q, R> R ask(Address<Q, R> address, Q question) {
        return Futures.resultOf(bus.request(address, question, Deadline.after(LONG)));
    }
}
