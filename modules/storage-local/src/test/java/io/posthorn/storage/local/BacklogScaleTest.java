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

    private record Cost(double appendReads, double appendWrites, double claimReads, double settleRows) {}

    @Test
    @Timeout(300)
    void millionWaitingDeliveriesCostNoMoreRowsThanTen() {
        // Given
        LocalEngine engine = open("small");
        EngineDriver small = new EngineDriver(engine, clock);
        Application one = small.application();
        small.endpoint(one);
        small.accept(one, 10);

        // When
        Cost withTen = measure(engine, small, one);
        resultOf(engine.close());
        LocalEngine large = open("large");
        EngineDriver driver = new EngineDriver(large, clock);
        fill(driver);
        Application fresh = driver.application();
        driver.endpoint(fresh);
        driver.accept(fresh, 10);
        Cost withAMillion = measure(large, driver, fresh);

        // Then
        assertThat(driver.books().waiting()).isGreaterThanOrEqualTo(1_000_000);
        assertThat(withAMillion.appendReads()).isLessThanOrEqualTo(withTen.appendReads());
        assertThat(withAMillion.appendWrites()).isLessThanOrEqualTo(withTen.appendWrites());
        // A claim of many endpoints looks up the head of each queue once, and each of their messages.
        assertThat(withAMillion.claimReads()).isLessThanOrEqualTo(withTen.claimReads() + 4);
        assertThat(withAMillion.settleRows()).isLessThanOrEqualTo(withTen.settleRows() + 2);
        resultOf(large.close());
        recoversWithoutReadingTheBacklog();
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

    private Cost measure(LocalEngine engine, EngineDriver driver, Application application) {
        List<NewMessage> messages = messages(application, BATCH);
        long reads = watch.read();
        long writes = watch.written();
        driver.accept(messages);
        double appendReads = (watch.read() - reads) / (double) BATCH;
        double appendWrites = (watch.written() - writes) / (double) BATCH;
        reads = watch.read();
        List<ClaimedDelivery> claimed = driver.claim(BATCH);
        double claimReads = (watch.read() - reads) / (double) claimed.size();
        reads = watch.read();
        writes = watch.written();
        List<Settlement> settlements = new ArrayList<>();
        for (ClaimedDelivery one : claimed) {
            settlements.add(new Settlement(
                    one.key(), one.fence(), new Settlement.Verdict.Succeeded(), fixtures.attempt(one, 200)));
        }
        resultOf(engine.settle(settlements));
        double settleRows = (watch.read() - reads + watch.written() - writes) / (double) claimed.size();
        return new Cost(appendReads, appendWrites, claimReads, settleRows);
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
