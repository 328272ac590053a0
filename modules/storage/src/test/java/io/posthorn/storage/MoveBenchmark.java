package io.posthorn.storage;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.NewMessage;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.local.EngineOptions;
import io.posthorn.storage.local.LocalEngines;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Moves {@code deliveries} (200000) waiting deliveries of 1 KiB from disk to memory and back to disk, and prints how long
 * each takes, the recount apart. Run by name only: {@code mvn -pl modules/storage -am test -Dtest=MoveBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class MoveBenchmark {
    private static final int BATCH = 500;
    private static final int ENDPOINTS = 16;
    private static final Buffer PAYLOAD = Buffer.buffer("{\"x\":\"" + "y".repeat(1_015) + "\"}");

    @TempDir
    Path directory;

    @Test
    @Timeout(600)
    void movesThereAndBack() {
        int deliveries = Integer.getInteger("deliveries", 200_000);
        StorageEngine first = disk("first");
        resultOf(first.open());
        fill(first, deliveries);
        StorageEngine memory = LocalEngines.memory(EngineOptions.defaults(), InstantSource.system());
        resultOf(memory.open());
        time("disk -> memory", first, memory, deliveries);
        resultOf(first.close());
        StorageEngine second = disk("second");
        resultOf(second.open());
        time("memory -> disk", memory, second, deliveries);
        resultOf(memory.close());
        resultOf(second.close());
    }

    private static void time(String what, StorageEngine from, StorageEngine to, int deliveries) {
        long[] written = {0};
        long start = System.nanoTime();
        MoveReport report = Mover.move(from, to, (items, total) -> written[0] = System.nanoTime())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        long end = System.nanoTime();
        assertThat(report.agrees()).isTrue();
        assertThat(report.target().waiting()).isEqualTo(deliveries);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d deliveries written in %.1f s, recounted in %.1f s%n",
                what,
                deliveries,
                seconds(written[0] - start),
                seconds(end - written[0]));
    }

    private static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static void fill(StorageEngine engine, int deliveries) {
        EngineDriver driver = new EngineDriver(engine, new ManualClock());
        Fixtures given = new Fixtures(InstantSource.system());
        List<Application> applications = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS; i++) {
            Application application = driver.save(given.application());
            driver.save(given.endpoint(application.id()).build());
            applications.add(application);
        }
        for (int done = 0; done < deliveries; done += BATCH) {
            List<NewMessage> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                batch.add(given.message(applications.get(i % ENDPOINTS).id())
                        .payload(PAYLOAD)
                        .build());
            }
            driver.accept(batch);
        }
    }

    private StorageEngine disk(String name) {
        return LocalEngines.disk(directory.resolve(name), EngineOptions.defaults(), InstantSource.system());
    }
}
