package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;

import com.sun.management.OperatingSystemMXBean;
import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.Settlement;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives the queue itself over each candidate map for some seconds in turn: 1 KiB messages over 16 endpoints, appended in
 * groups with a flush, claimed and settled as soon as they are there. Prints deliveries a second, CPU of the process, and
 * the growth of the files. Run by name only: {@code mvn -pl modules/storage-local -am test -Dtest=MapBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}; system properties {@code seconds} a window (8), {@code windows} (5) and
 * messages a {@code group} (128).
 */
final class MapBenchmark {
    private static final int ENDPOINTS = 16;
    private static final int PAYLOAD_BYTES = 1_024;

    private final ManualClock clock = new ManualClock();
    private final Fixtures fixtures = new Fixtures(clock);
    private final Buffer payload = Buffer.buffer("{\"x\":\"" + "y".repeat(PAYLOAD_BYTES - 9) + "\"}");

    @TempDir
    Path directory;

    @Test
    @Timeout(900)
    void compares() throws IOException {
        int seconds = Integer.getInteger("seconds", 8);
        int windows = Integer.getInteger("windows", 5);
        int group = Integer.getInteger("group", 128);
        LocalEngine rocks = engine(() -> RocksMap.open(directory.resolve("rocksdb")), clock);
        LocalEngine mvStore = engine(() -> new MvStoreMap(directory.resolve("mvstore")), clock);
        EngineDriver first = new EngineDriver(rocks, clock);
        EngineDriver second = new EngineDriver(mvStore, clock);
        Application ofFirst = prepare(first);
        Application ofSecond = prepare(second);
        for (int round = 0; round < windows; round++) {
            window("rocksdb", rocks, first, ofFirst, seconds, group, directory.resolve("rocksdb"));
            window("mvstore", mvStore, second, ofSecond, seconds, group, directory.resolve("mvstore"));
        }
        resultOf(rocks.close());
        resultOf(mvStore.close());
    }

    private Application prepare(EngineDriver driver) {
        Application application = driver.application();
        for (int i = 0; i < ENDPOINTS; i++) {
            driver.save(fixtures.endpoint(application.id()).channels("c" + i).build());
        }
        return application;
    }

    private void window(
            String name,
            LocalEngine engine,
            EngineDriver driver,
            Application application,
            int seconds,
            int group,
            Path files)
            throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(seconds).toNanos();
        long delivered = 0;
        while (System.nanoTime() < end) {
            clock.advance(Duration.ofMillis(1));
            List<NewMessage> messages = new ArrayList<>(group);
            for (int i = 0; i < group; i++) {
                messages.add(fixtures.message(application.id())
                        .channels("c" + i % ENDPOINTS)
                        .payload(payload)
                        .build());
            }
            driver.accept(messages);
            List<Settlement> results = new ArrayList<>(group);
            for (ClaimedDelivery claimed : driver.claim(group)) {
                results.add(new Settlement(
                        claimed.key(),
                        claimed.fence(),
                        new Settlement.Verdict.Succeeded(),
                        fixtures.attempt(claimed, 200)));
            }
            delivered += resultOf(engine.settle(results)).size();
        }
        double took = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %,.0f deliveries/s, %.1f us CPU each, files %d MiB%n",
                name,
                delivered / took,
                (system.getProcessCpuTime() - cpu) / 1e3 / delivered,
                size(files) >> 20);
    }

    private static LocalEngine engine(OrderedMap.Opener opener, ManualClock clock) {
        LocalEngine engine = new LocalEngine(
                "disk",
                new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "compared"),
                new StoreThread(opener, clock, EngineOptions.defaults(), FreeSpace.unlimited(), "compared-store"));
        resultOf(engine.open());
        return engine;
    }

    private static long size(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
