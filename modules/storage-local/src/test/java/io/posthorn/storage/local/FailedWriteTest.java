package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.codeOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedWriteTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final WatchedMap.Watch watch = new WatchedMap.Watch();
    private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
    private LocalEngine engine;
    private EngineDriver store;
    private Application application;
    private Endpoint endpoint;

    @BeforeEach
    void open() {
        FreeSpace space = new FreeSpace(freeBytes::get, 1 << 20);
        StoreThread thread = new StoreThread(
                () -> new WatchedMap(RocksMap.open(directory.resolve("db")), watch),
                clock,
                DiskEngineContractTest.OPTIONS,
                space,
                "test-store");
        engine = new LocalEngine("disk", new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "disk"), thread);
        resultOf(engine.open());
        store = new EngineDriver(engine, clock);
        application = store.application();
        endpoint = store.endpoint(application);
    }

    @AfterEach
    void close() {
        watch.failing = false;
        resultOf(engine.close());
    }

    @Test
    void failedWriteIsRefusedAndNothingAcceptedIsLost() {
        // Given
        store.accept(application, 3);
        watch.failing = true;

        // When
        ErrorCode refused = codeOf(engine.append(List.of(message())));
        RoleHealth.Status whileBroken = engine.health().status();
        watch.failing = false;
        awaitHealthy();

        // Then
        assertThat(refused).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(whileBroken).isEqualTo(RoleHealth.Status.UNHEALTHY);
        assertThat(store.books(endpoint)).isEqualTo(new Books(3, 0, 0, 0, 3, 0));
        assertThat(store.claimAll()).hasSize(3);
    }

    @Test
    void writeThatFailedHalfWayIsTakenAsItStandsOnDisk() {
        // Given
        NewMessage message = message();
        watch.failsHalfWay = true;
        watch.failing = true;

        // When
        ErrorCode refused = codeOf(engine.append(List.of(message)));
        watch.failing = false;
        awaitHealthy();
        AppendOutcome repeated = resultOf(engine.append(List.of(message))).get(0);

        // Then
        assertThat(refused).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(repeated).isInstanceOf(AppendOutcome.Repeated.class);
        assertThat(store.books(endpoint)).isEqualTo(new Books(1, 0, 0, 0, 1, 0));
    }

    @Test
    void fullDiskRefusesEventsButStillTakesResults() {
        // Given
        store.accept(application);
        var claimed = store.claimOne();
        freeBytes.set(0);
        awaitStatus(RoleHealth.Status.UNHEALTHY);

        // When
        ErrorCode refused = codeOf(engine.append(List.of(message())));
        SettleOutcome settled = store.succeed(claimed);
        freeBytes.set(Long.MAX_VALUE);
        awaitHealthy();

        // Then
        assertThat(refused).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(settled).isEqualTo(SettleOutcome.SETTLED);
        assertThat(resultOf(engine.append(List.of(message()))).get(0)).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void answersAnAppendOnlyAfterItsFlush() {
        // Given
        long before = watch.flushes();

        // When
        store.accept(application);

        // Then
        assertThat(watch.flushes()).isEqualTo(before + 1);
    }

    @Test
    void settlementsThatNeverPauseAreFlushedAllTheSame() {
        // Given
        int count = 2_000;
        store.accept(application, count);
        store.limit(endpoint, count);
        List<ClaimedDelivery> claimed = store.claim(count);
        long before = watch.flushes();

        // When: one after the other, far longer than a result may wait for its flush
        claimed.forEach(store::succeed);

        // Then
        assertThat(watch.flushes() - before).isPositive();
    }

    private NewMessage message() {
        return fixtures.message(application.id()).build();
    }

    private void awaitHealthy() {
        awaitStatus(RoleHealth.Status.HEALTHY);
    }

    private void awaitStatus(RoleHealth.Status wanted) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (engine.health().status() != wanted) {
            assertThat(System.nanoTime()).as("waiting for %s", wanted).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
