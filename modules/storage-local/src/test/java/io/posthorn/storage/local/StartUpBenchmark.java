package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;

import io.posthorn.contract.Application;
import io.posthorn.contract.NewMessage;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how long a disk engine takes to open after its process was killed with deliveries waiting. Run by name only:
 * {@code mvn -pl modules/storage-local -am test -Dtest=StartUpBenchmark -Dsurefire.failIfNoSpecifiedTests=false}; system
 * properties {@code waiting} (100000), {@code endpoints} (1000) and {@code rounds} (5).
 */
final class StartUpBenchmark {
    private static final int PAYLOAD_BYTES = 1_024;
    private static final int GROUP = 200;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);

    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void opensAgain() throws IOException {
        int waiting = Integer.getInteger("waiting", 100_000);
        int endpoints = Integer.getInteger("endpoints", 1_000);
        LocalEngine engine = engine();
        resultOf(engine.open());
        fill(new EngineDriver(engine, clock), waiting, endpoints);
        for (int round = 0; round < Integer.getInteger("rounds", 5); round++) {
            resultOf(engine.abandon());
            long log = log();
            long start = System.nanoTime();
            RocksMap map = RocksMap.open(directory.resolve("queue"));
            double mapOnly = (System.nanoTime() - start) / 1e9;
            map.close();
            // What the first opening moved out of the log is put into a new one, as traffic would.
            engine = engine();
            start = System.nanoTime();
            resultOf(engine.open());
            double whole = (System.nanoTime() - start) / 1e9;
            EngineDriver driver = new EngineDriver(engine, clock);
            start = System.nanoTime();
            int claimed = driver.claim(64).size();
            double first = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "waiting %,d: log %d MiB, database %.2f s, then engine %.2f s, first claim of %d %.3f s%n",
                    driver.books().waiting(),
                    log >> 20,
                    mapOnly,
                    whole,
                    claimed,
                    first);
            fill(driver, waiting / 10, 1);
        }
        resultOf(engine.close());
    }

    private void fill(EngineDriver driver, int count, int endpoints) {
        List<Application> applications = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            Application application = driver.application();
            applications.add(application);
            driver.save(fixtures.endpoint(application.id()).build());
        }
        Buffer payload = Buffer.buffer("{\"x\":\"" + "y".repeat(PAYLOAD_BYTES - 9) + "\"}");
        for (int done = 0; done < count; done += GROUP) {
            List<NewMessage> messages = new ArrayList<>();
            for (int i = 0; i < GROUP; i++) {
                messages.add(fixtures.message(
                                applications.get((done + i) % endpoints).id())
                        .payload(payload)
                        .build());
            }
            driver.accept(messages);
        }
    }

    private LocalEngine engine() {
        return LocalEngines.disk(directory, EngineOptions.defaults(), clock, FreeSpace.unlimited());
    }

    private long log() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("queue"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
