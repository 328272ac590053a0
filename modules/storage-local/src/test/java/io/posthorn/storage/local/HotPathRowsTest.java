package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.Settlement;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a delivery costs the store where nothing waits for long, counted: rows, and flushes of the log. */
class HotPathRowsTest {
    private static final int ROUNDS = 20;
    private static final int BATCH = 64;

    /** Its message and its place in the queue, the place taken out, its state, the attempt and the attempt's index. */
    private static final int ROWS = 6;

    /** Counts of the endpoint, lease, fences, and what ends when: once a group, whatever it holds. */
    private static final double ROWS_OF_GROUPS = 0.5;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final WatchedMap.Watch watch = new WatchedMap.Watch();
    private final LocalEngine engine = new LocalEngine(
            "watched",
            new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "watched"),
            new StoreThread(
                    () -> new WatchedMap(new MemoryMap(), watch),
                    clock,
                    EngineOptions.defaults(),
                    FreeSpace.unlimited(),
                    "test-store-rows"));
    private EngineDriver store;
    private Application application;

    @BeforeEach
    void open() {
        resultOf(engine.open());
        store = new EngineDriver(engine, clock);
        application = store.application();
        Endpoint endpoint = store.endpoint(application);
        assertThat(endpoint.disabled()).isFalse();
        round();
    }

    @AfterEach
    void close() {
        resultOf(engine.close());
    }

    @Test
    void deliveryWritesItsRowsAndReadsOnlyWhetherItsMessageIsNew() {
        // Given
        long written = watch.written();
        long read = watch.read();

        // When
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }

        // Then
        double deliveries = ROUNDS * BATCH;
        assertThat((watch.written() - written) / deliveries)
                .as("rows written a delivery")
                .isBetween((double) ROWS, ROWS + ROWS_OF_GROUPS);
        assertThat((watch.read() - read) / deliveries)
                .as("rows read a delivery")
                .isLessThan(1.5);
    }

    @Test
    void logIsFlushedForBatchesNotForDeliveries() {
        // Given
        long flushes = watch.flushes();

        // When
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }

        // Then: once for what was accepted, at most once more for results that nothing else took along
        assertThat(watch.flushes() - flushes).isBetween((long) ROUNDS, 2L * ROUNDS);
    }

    /** A batch is accepted in one call, claimed in one and settled in one. */
    private void round() {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            messages.add(fixtures.message(application.id()).build());
        }
        assertThat(resultOf(engine.append(messages))).hasSize(BATCH);
        List<ClaimedDelivery> claimed = store.claim(BATCH);
        assertThat(claimed).hasSize(BATCH);
        List<Settlement> settlements = claimed.stream()
                .map(one -> new Settlement(
                        one.key(), one.fence(), new Settlement.Verdict.Succeeded(), fixtures.attempt(one, 200)))
                .toList();
        assertThat(resultOf(engine.settle(settlements))).hasSize(BATCH);
    }
}
