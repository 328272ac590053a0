package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.NewMessage;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures a recount of a million deliveries over many endpoints while messages are appended. Run by name only: {@code mvn
 * -pl modules/storage-local -am test -Dtest=AuditBenchmark -Dsurefire.failIfNoSpecifiedTests=false}; system properties
 * {@code applications} (1000), {@code endpoints} of each (100) and {@code messages} of each application (10).
 */
final class AuditBenchmark {
    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);

    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void recounts() {
        LocalEngine engine = LocalEngines.disk(directory, EngineOptions.defaults(), clock, FreeSpace.unlimited());
        resultOf(engine.open());
        EngineDriver driver = new EngineDriver(engine, clock);
        int messages = Integer.getInteger("messages", 10);
        Application last = driver.application();
        for (int i = 0; i < Integer.getInteger("applications", 1_000); i++) {
            last = driver.application();
            for (int k = 0; k < Integer.getInteger("endpoints", 100); k++) {
                driver.save(fixtures.endpoint(last.id()).build());
            }
            List<NewMessage> batch = new ArrayList<>();
            for (int k = 0; k < messages; k++) {
                batch.add(fixtures.message(last.id()).build());
            }
            driver.accept(batch);
        }
        double quiet = appends(driver, last, 50, null);
        long before = used();
        Future<AuditReport> audit = engine.audit(false, looked -> {});
        double during = appends(driver, last, Integer.MAX_VALUE, audit);
        long most = used();
        AuditReport report = resultOf(audit);
        assertThat(report.differences()).isEmpty();
        System.out.printf(
                Locale.ROOT,
                "%,d deliveries over %,d endpoints: %.1f s; appends to 100 endpoints %.1f ms before, %.1f ms during (mean);"
                        + " heap %d MiB before, %d MiB at the end of it%n",
                report.deliveries(),
                report.endpoints(),
                report.took().toMillis() / 1e3,
                quiet,
                during,
                before >> 20,
                most >> 20);
        resultOf(engine.close());
    }

    /** The mean of one append, in milliseconds. */
    private double appends(EngineDriver driver, Application application, int most, @Nullable Future<?> until) {
        long start = System.nanoTime();
        int done = 0;
        while (done < most && (until == null || !until.isComplete())) {
            driver.accept(application);
            done++;
        }
        return (System.nanoTime() - start) / 1e6 / Math.max(1, done);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
