package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Address;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Batches;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The role over the bus, on a machine that says that it is busy. */
class HeldAppendTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BACKLOG = 2_000;
    private static final int AT_A_TIME = 4;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final InstantSource clock = InstantSource.system();
    private final Fixtures fixtures = new Fixtures(clock);
    private final SwitchableStore store = new SwitchableStore(LocalEngines.memory(EngineOptions.defaults(), clock));
    private final List<Future<Batches.AppendResults>> appends = new ArrayList<>();
    private final Application application = fixtures.application();
    private String deployment;

    @BeforeEach
    void start() {
        deployment = Futures.resultOf(vertx.deployVerticle(new StorageVerticle(store.engine(), bus, clock, () -> 1)));
        save(new Requests.Save(application, null));
        save(new Requests.Save(fixtures.endpoint(application.id()).build(), null));
        append(BACKLOG);
        assertThat(Futures.resultOf(appends.get(0)).items()).hasSize(BACKLOG);
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void isHeldWhileDeliveriesWaitAndPerformedWhenTheyDoNot() {
        // Given
        deliverUntilAppendsAreHeld();
        long sent = appends.size();

        // When
        long performed = performed();
        claim(ClaimRequest.MAX);

        // Then
        assertThat(performed).isLessThan(sent);
        assertThat(acceptance().detail()).startsWith("held back");
        assertThat(outcomes()).hasOnlyElementsOfType(AppendOutcome.Appended.class);
        assertThat(performed()).isEqualTo(sent);
    }

    @Test
    void isPerformedWhenTheRoleStops() {
        // Given
        deliverUntilAppendsAreHeld();

        // When
        Futures.resultOf(vertx.undeploy(deployment));

        // Then
        assertThat(outcomes()).hasOnlyElementsOfType(AppendOutcome.Appended.class);
        assertThat(performed()).isEqualTo(appends.size());
    }

    /** A dispatcher whose claims are always full, and events that come in meanwhile. */
    private void deliverUntilAppendsAreHeld() {
        Instant patience = clock.instant().plus(LONG);
        while (acceptance().status() == RoleHealth.Status.HEALTHY) {
            assertThat(clock.instant()).as("appends are held").isBefore(patience);
            append(AT_A_TIME);
            List<ClaimedDelivery> claimed = claim(AT_A_TIME);
            assertThat(claimed).hasSize(AT_A_TIME);
            settle(claimed);
        }
        // One that is surely held: nothing is settled any more.
        append(1);
    }

    private RoleHealth.Check acceptance() {
        List<RoleHealth.Check> checks =
                ask(Addresses.healthOf("storage"), new RoleHealth.Ask()).checks();
        assertThat(checks).extracting(RoleHealth.Check::name).containsExactly("engine", "acceptance");
        return checks.get(1);
    }

    private void append(int count) {
        appends.add(bus.request(
                Addresses.APPEND,
                new Batches.Appends(IntStream.range(0, count)
                        .mapToObj(i -> fixtures.message(application.id()).build())
                        .toList()),
                Deadline.after(LONG)));
    }

    private List<ClaimedDelivery> claim(int max) {
        return ask(Addresses.CLAIM, new ClaimRequest(Fixtures.NODE, max, LEASE, Duration.ZERO))
                .deliveries();
    }

    private void settle(List<ClaimedDelivery> claimed) {
        List<Settlement> results = claimed.stream()
                .map(one -> new Settlement(
                        one.key(), one.fence(), new Settlement.Verdict.Succeeded(), fixtures.attempt(one, 200)))
                .toList();
        assertThat(ask(Addresses.SETTLE, new Batches.Settlements(results)).items())
                .hasSize(results.size());
    }

    private void save(Requests.Save save) {
        assertThat(ask(Addresses.SAVE, save)).isInstanceOf(SaveOutcome.Saved.class);
    }

    private List<AppendOutcome> outcomes() {
        return appends.stream()
                .flatMap(append -> Futures.resultOf(append).items().stream())
                .toList();
    }

    private long performed() {
        return store.calls().stream().filter("append"::equals).count();
    }

    private <Q, R> R ask(Address<Q, R> address, Q question) {
        return Futures.resultOf(bus.request(address, question, Deadline.after(LONG)));
    }
}
