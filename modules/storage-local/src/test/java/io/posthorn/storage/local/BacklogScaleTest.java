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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cost of each operation is counted in rows, with ten deliveries waiting and with a million. */
class BacklogScaleTest {
    private static final int APPLICATIONS = 1_000;
    private static final int ENDPOINTS_EACH = 100;
    private static final int MESSAGES_EACH = 10;
    private static final int BATCH = 64;

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final WatchedMap.Watch watch = new WatchedMap.Watch();

    private record AppendCost(double reads, double writes) {}

    private record DrainCost(double claimReads, double claimWrites, double settleReads, double settleWrites) {}

    @Test
    @Timeout(300)
    void millionWaitingDeliveriesCostNoMoreRowsThanTen() {
        // Given
        LocalEngine small = open("small");
        EngineDriver few = new EngineDriver(small, clock);
        Application one = few.application();
        few.endpoint(one);
        few.accept(one, MESSAGES_EACH);
        LocalEngine large = open("large");
        EngineDriver many = new EngineDriver(large, clock);
        fill(many);

        // When: both are opened anew, so that neither has anything in memory
        resultOf(small.close());
        resultOf(large.close());
        small = open("small");
        DrainCost withTen = drain(small, Claimer.QUANTUM);
        recoversWithoutReadingTheBacklog();
        large = open("large");
        DrainCost withAMillion = drain(large, BATCH);
        AppendCost toFew = append(new EngineDriver(small, clock));
        AppendCost toMany = append(new EngineDriver(large, clock));

        // Then
        assertThat(new EngineDriver(large, clock).books().waiting()).isGreaterThanOrEqualTo(1_000_000 - BATCH);
        assertThat(withAMillion.claimReads()).isLessThanOrEqualTo(withTen.claimReads());
        assertThat(withAMillion.claimWrites()).isLessThanOrEqualTo(withTen.claimWrites());
        assertThat(withAMillion.settleReads()).isLessThanOrEqualTo(withTen.settleReads());
        assertThat(withAMillion.settleWrites()).isLessThanOrEqualTo(withTen.settleWrites());
        assertThat(toMany.reads()).isLessThanOrEqualTo(toFew.reads());
        assertThat(toMany.writes()).isLessThanOrEqualTo(toFew.writes());
        resultOf(small.close());
        resultOf(large.close());
    }

    private void recoversWithoutReadingTheBacklog() {
        // When
        long before = watch.read();
        LocalEngine reopened = open("large");

        // Then
        assertThat(watch.read() - before).isLessThan(2L * APPLICATIONS * ENDPOINTS_EACH);
        assertThat(new EngineDriver(reopened, clock).claim(BATCH)).hasSize(BATCH);
        resultOf(reopened.close());
    }

    /** Rows a delivery of a claim from queues that are not in memory, and of its settlement. */
    private DrainCost drain(LocalEngine engine, int batch) {
        EngineDriver driver = new EngineDriver(engine, clock);
        long reads = watch.read();
        long writes = watch.written();
        List<ClaimedDelivery> claimed = driver.claim(batch);
        assertThat(claimed).hasSize(batch);
        // A claim is answered before its lease is written: the backlog is asked for behind it.
        assertThat(driver.books().balance()).isTrue();
        double claimReads = (watch.read() - reads) / (double) batch;
        double claimWrites = (watch.written() - writes) / (double) batch;
        reads = watch.read();
        writes = watch.written();
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedDelivery one : claimed) {
            settlements.add(new Settlement(
                    one.key(), one.fence(), new Settlement.Verdict.Succeeded(), fixtures.attempt(one, 200)));
        }
        assertThat(resultOf(engine.settle(settlements))).hasSize(batch);
        return new DrainCost(
                claimReads,
                claimWrites,
                (watch.read() - reads) / (double) batch,
                (watch.written() - writes) / (double) batch);
    }

    /** Rows a message of an append to an endpoint that was used just before. */
    private AppendCost append(EngineDriver driver) {
        Application fresh = driver.application();
        driver.endpoint(fresh);
        driver.accept(fresh, MESSAGES_EACH);
        long reads = watch.read();
        long writes = watch.written();
        driver.accept(messages(fresh, BATCH));
        return new AppendCost((watch.read() - reads) / (double) BATCH, (watch.written() - writes) / (double) BATCH);
    }

    private void fill(EngineDriver driver) {
        for (int i = 0; i < APPLICATIONS; i++) {
            Application application = driver.application();
            for (int k = 0; k < ENDPOINTS_EACH; k++) {
                Endpoint endpoint = driver.endpoint(application);
                assertThat(endpoint.version()).isEqualTo(1);
            }
            driver.accept(messages(application, MESSAGES_EACH));
        }
    }

    private List<NewMessage> messages(Application application, int count) {
        List<NewMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(fixtures.message(application.id()).build());
        }
        return messages;
    }

    private LocalEngine open(String name) {
        StoreThread thread = new StoreThread(
                () -> new WatchedMap(RocksMap.open(directory.resolve(name)), watch),
                clock,
                EngineOptions.defaults(),
                FreeSpace.unlimited(),
                "test-store-" + name);
        LocalEngine engine =
                new LocalEngine("disk", new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "disk"), thread);
        resultOf(engine.open());
        return engine;
    }
}
