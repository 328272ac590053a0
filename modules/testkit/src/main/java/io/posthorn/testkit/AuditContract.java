package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.Application;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Difference;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Message;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** That a recount agrees after whatever the engine did itself, and finds and mends what was damaged by hand. */
public abstract class AuditContract extends EngineSuite {
    private static final int MODEL_STEPS = 200;
    private static final int AUDITS_UNDER_LOAD = 5;
    private static final int SETTLED_UNDER_LOAD = 500;
    private static final int MOST_BATCHES = 300;
    private static final Duration DAY = Duration.ofDays(1);

    private Application app;
    private Endpoint endpoint;

    @BeforeEach
    void oneEndpoint() {
        app = store.application();
        endpoint = store.endpoint(app);
        store.limit(endpoint, 1_000);
    }

    @Test
    void emptyStoreIsClean() {
        AuditReport report = audit(false);

        assertThat(report.deliveries()).isZero();
        assertThat(report.recorded()).isEqualTo(Books.EMPTY);
    }

    @Test
    void countsEverythingInEveryState() {
        // Given
        Endpoint second = store.endpoint(app);
        store.limit(second, 1_000);
        store.accept(given.message(app.id()).eventId("evt-1").build());
        store.accept(app, 9);
        List<ClaimedDelivery> claimed = store.claimAll();
        for (int i = 0; i < 15; i++) {
            end(claimed.get(i), i);
        }
        store.accept(app, 3);

        // When
        AuditReport report = audit(false);

        // Then
        assertThat(report.engine()).isEqualTo(store.engine().name());
        assertThat(report.messages()).isEqualTo(13);
        assertThat(report.deliveries()).isEqualTo(26);
        assertThat(report.attempts()).isEqualTo(9);
        assertThat(report.endpoints()).isEqualTo(2);
        assertThat(report.counted())
                .isEqualTo(report.recorded())
                .isEqualTo(store.books())
                .isEqualTo(new Books(26, 3, 3, 3, 12, 5));
    }

    private void end(ClaimedDelivery one, int i) {
        switch (i % 5) {
            case 0 -> store.succeed(one);
            case 1 -> store.retry(one, MINUTE);
            case 2 -> store.exhaust(one);
            case 3 -> store.defer(one, MINUTE);
            default -> store.settle(one, new Settlement.Verdict.Cancelled());
        }
    }

    @Test
    void cleanAfterLeasesEndedAndResends() {
        // Given
        List<Message> messages = store.accept(app, 20);
        List<ClaimedDelivery> claimed = store.claimAll();
        claimed.subList(0, 10).forEach(store::succeed);
        store.pass(LEASE_AND_MORE);
        store.claim(5).forEach(store::exhaust);
        messages.subList(0, 12).forEach(message -> store.resend(EngineDriver.key(message, endpoint)));
        store.claim(3).forEach(one -> store.retry(one, MINUTE));
        claimed.forEach(store::succeed);

        // Then
        assertThat(audit(false).deliveries()).isEqualTo(20);
    }

    @Test
    void cleanAfterRemovalAndExpunging() {
        // Given
        Endpoint second = store.endpoint(app);
        List<Message> messages = store.accept(app, 20);
        store.claim(5).forEach(store::succeed);
        resultOf(store.engine()
                .expunge(new Requests.ExpungeMessage(app.id(), messages.get(19).id())));
        resultOf(store.engine().remove(new Removal.OfEndpoint(app.id(), second.id())));

        // When
        AuditReport before = audit(false);
        store.sweep();
        AuditReport after = audit(false);

        // Then
        assertThat(before.recorded().waiting()).isEqualTo(35);
        assertThat(after.recorded().cancelled()).isPositive();
    }

    @Test
    void cleanWhileAndAfterRetentionRemoves() {
        // Given
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            messages.add(given.message(app.id())
                    .eventId("evt-" + i)
                    .retention(DAY.multipliedBy(1 + i % 2))
                    .build());
        }
        store.accept(messages);
        store.claim(200).forEach(store::succeed);

        // When
        clock.advance(DAY.plusHours(2));
        resultOf(store.engine().sweep());
        audit(false);
        store.sweep();
        audit(false);
        clock.advance(RetentionContract.ATTEMPT_RETENTION);
        resultOf(store.engine().sweep());
        resultOf(store.engine().sweep());
        audit(false);
        store.sweep();
        AuditReport half = audit(false);
        clock.advance(DAY);
        store.sweep();
        AuditReport end = audit(false);

        // Then
        assertThat(half.messages()).isEqualTo(500);
        assertThat(half.recorded().created()).isEqualTo(1_000);
        assertThat(end.messages()).isZero();
        assertThat(end.recorded()).isEqualTo(new Books(1_000, 200, 0, 800, 0, 0));
    }

    @RepeatedTest(4)
    void cleanAfterARandomRun(RepetitionInfo repetition) {
        ModelRun run = new ModelRun(fixture, store, 500L + repetition.getCurrentRepetition(), fixture.durable());
        try {
            run.steps(MODEL_STEPS);
        } finally {
            store = run.store();
        }

        assertThat(audit(false).deliveries()).isPositive();
    }

    @Test
    void cleanWhileTrafficFlows() throws Exception {
        // Given
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong settled = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Future<?> writer = threads.submit(() -> {
            for (int i = 0; i < MOST_BATCHES && !stop.get(); i++) {
                store.accept(app, 20);
            }
        });
        Future<?> sender = threads.submit(() -> {
            while (!stop.get()) {
                for (ClaimedDelivery one : claim()) {
                    settled.addAndGet(1);
                    end(one, (int) settled.get());
                }
                resultOf(store.engine().sweep());
            }
        });

        // When
        try {
            for (int i = 0; i < AUDITS_UNDER_LOAD || settled.get() < SETTLED_UNDER_LOAD && !sender.isDone(); i++) {
                audit(i % 2 == 1);
            }
        } finally {
            stop.set(true);
            writer.get(20, TimeUnit.SECONDS);
            sender.get(20, TimeUnit.SECONDS);
            threads.shutdownNow();
        }

        // Then
        assertThat(settled).hasValueGreaterThanOrEqualTo(SETTLED_UNDER_LOAD);
        assertThat(audit(false).recorded()).isEqualTo(store.books());
    }

    private List<ClaimedDelivery> claim() {
        return resultOf(store.engine().claim(new ClaimRequest(Fixtures.NODE, 16, EngineDriver.LEASE, Duration.ZERO)))
                .deliveries();
    }

    @Test
    void lostIndexEntryIsFoundAndMended() {
        damageIsFoundAndMended(Damage.LOST_INDEX_ENTRY);
    }

    @Test
    void orphanedRecordIsFoundAndMended() {
        damageIsFoundAndMended(Damage.ORPHANED_RECORD);
    }

    @Test
    void wrongCounterIsFoundAndMended() {
        damageIsFoundAndMended(Damage.WRONG_COUNTER);
    }

    @Test
    void twoStatesAreFoundAndMended() {
        damageIsFoundAndMended(Damage.TWO_STATES);
    }

    @Test
    void danglingIndexEntryIsFoundAndMended() {
        damageIsFoundAndMended(Damage.DANGLING_INDEX_ENTRY);
    }

    private void damageIsFoundAndMended(Damage damage) {
        // Given
        List<Message> messages = store.accept(app, 20);
        DeliveryKey broken = EngineDriver.key(messages.get(7), endpoint);
        store = new EngineDriver(fixture.damage(damage, broken), clock);
        store.limit(endpoint, 1_000);

        // When
        AuditReport found = resultOf(store.engine().audit(false, looked -> {}));
        AuditReport mended = resultOf(store.engine().audit(true, looked -> {}));
        AuditReport after = audit(false);
        List<ClaimedDelivery> delivered = store.claimAll();
        delivered.forEach(store::succeed);

        // Then
        assertThat(found.clean()).isFalse();
        assertThat(found.differences()).extracting(Difference::kind).contains(Kind.valueOf(damage.name()));
        assertThat(found.differences()).noneMatch(Difference::mended);
        assertThat(mended.differences()).hasSameSizeAs(found.differences()).allMatch(Difference::mended);
        assertThat(mended.clean()).isTrue();
        assertThat(after.counted()).isEqualTo(after.recorded());
        boolean ended = damage == Damage.TWO_STATES;
        assertThat(delivered)
                .extracting(ClaimedDelivery::key)
                .doesNotHaveDuplicates()
                .hasSize(ended ? 19 : 20);
        assertThat(delivered.stream().anyMatch(one -> one.key().equals(broken))).isNotEqualTo(ended);
        assertThat(store.delivery(messages.get(7), endpoint).state()).isEqualTo(DeliveryState.SUCCEEDED);
        assertThat(store.books(endpoint)).isEqualTo(new Books(20, 20, 0, 0, 0, 0));
        assertThat(audit(false).recorded()).isEqualTo(new Books(20, 20, 0, 0, 0, 0));
    }

    @Test
    void muchDamageIsMendedInOneRun() {
        // Given
        List<Message> messages = store.accept(app, 30);
        for (int i = 0; i < 10; i++) {
            for (Damage damage : List.of(Damage.LOST_INDEX_ENTRY, Damage.ORPHANED_RECORD)) {
                DeliveryKey key = EngineDriver.key(messages.get(i), endpoint);
                store = new EngineDriver(fixture.damage(damage, key), clock);
            }
        }

        // When
        AuditReport mended = resultOf(store.engine().audit(true, looked -> {}));
        audit(false);
        store.limit(endpoint, 1_000);

        // Then
        assertThat(mended.differenceCount()).isEqualTo(20);
        assertThat(store.claimAll()).hasSize(30);
    }

    /** Recounts; all must agree. */
    @CanIgnoreReturnValue
    private AuditReport audit(boolean repair) {
        AuditReport report = resultOf(store.engine().audit(repair, looked -> {}));
        assertThat(report.differences()).isEmpty();
        assertThat(report.clean()).isTrue();
        assertThat(report.counted()).isEqualTo(report.recorded());
        return report;
    }
}
