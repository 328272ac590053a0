package io.posthorn.storage.local;

import static io.posthorn.testkit.Futures.resultOf;

import io.posthorn.contract.Application;
import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much longer a fresh message takes from append to claim while {@code deliveries} (100000) failed ones are recovered:
 * one message of 1 KiB each {@code gap} (5) ms at a disk store, a second without
 * steps of the task and one with them in turn, so that what else the machine does falls on both; {@code rounds} (2) tasks. Dispatching is a thread that claims and settles at once, so recovered deliveries are sent
 * meanwhile, too. Run by name only: {@code mvn -pl modules/storage-local -am test -Dtest=TaskBenchmark
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class TaskBenchmark {
    private static final int BATCH = 500;
    private static final Buffer PAYLOAD = Buffer.buffer("{\"x\":\"" + "y".repeat(1_015) + "\"}");

    @TempDir
    Path directory;

    private final Fixtures given = new Fixtures(InstantSource.system());
    private final ConcurrentHashMap<MessageId, Long> underWay = new ConcurrentHashMap<>();
    private final List<Long> latencies = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean sweeps = true;
    private long idle;

    @Test
    @Timeout(900)
    void compares() throws Exception {
        int deliveries = Integer.getInteger("deliveries", 100_000);
        int gap = Integer.getInteger("gap", 5);
        StorageEngine engine = LocalEngines.disk(directory, EngineOptions.defaults(), InstantSource.system());
        resultOf(engine.open());
        EngineDriver driver = new EngineDriver(engine, new ManualClock());
        Application app = driver.save(given.application());
        Endpoint failing = driver.save(given.endpoint(app.id()).build());
        Application other = driver.save(given.application());
        driver.save(given.endpoint(other.id()).build());
        fail(engine, driver, app, deliveries);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Future<Void> dispatching = threads.submit(() -> dispatch(engine));
        Future<Void> sweeping = threads.submit(() -> sweep(engine));
        int warmUp = window(engine, List.of(app, other), gap, Duration.ofSeconds(3), "warm-up")
                .size();
        System.out.println("warm-up with " + warmUp + " messages");
        List<Long> quiet = new ArrayList<>();
        List<Long> busy = new ArrayList<>();
        for (int round = 0; round < Integer.getInteger("rounds", 2); round++) {
            BackgroundTask task = driver.start(new BackgroundTask.Recover(
                    app.id(), failing.id(), Instant.now().minus(Duration.ofDays(1)), Instant.now()));
            while (!driver.task(task).isEnd()) {
                sweeps = false;
                quiet.addAll(window(engine, List.of(app, other), gap, Duration.ofSeconds(1), "quiet"));
                sweeps = true;
                busy.addAll(window(engine, List.of(app, other), gap, Duration.ofSeconds(1), "recovering"));
            }
            System.out.printf(Locale.ROOT, "recovered %,d%n", driver.task(task).changed());
        }
        compare(sorted(quiet), sorted(busy));
        stop.countDown();
        dispatching.get();
        sweeping.get();
        threads.shutdown();
        System.out.println("waited for work " + idle + " times without any");
        resultOf(engine.close());
    }

    private List<Long> window(StorageEngine engine, List<Application> apps, int gap, Duration length, String name)
            throws InterruptedException {
        synchronized (latencies) {
            latencies.clear();
        }
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        int[] turn = {0};
        ScheduledFuture<?> load = clock.scheduleAtFixedRate(
                () -> {
                    NewMessage message = given.message(
                                    apps.get(turn[0]++ % apps.size()).id())
                            .payload(PAYLOAD)
                            .build();
                    underWay.put(message.id(), System.nanoTime());
                    engine.append(List.of(message)).onFailure(cause -> System.out.println(name + " " + cause));
                },
                0,
                gap,
                TimeUnit.MILLISECONDS);
        boolean stopped = stop.await(length.toMillis(), TimeUnit.MILLISECONDS);
        load.cancel(false);
        clock.shutdown();
        if (stopped || !clock.awaitTermination(5, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the load did not stop as asked");
        }
        synchronized (latencies) {
            return List.copyOf(latencies);
        }
    }

    /** As often as it is asked for, as the storage role does. */
    private @Nullable Void sweep(StorageEngine engine) throws InterruptedException {
        boolean stopped = false;
        while (!stopped) {
            long pause = sweeps ? resultOf(engine.sweep()).toMillis() : 1;
            stopped = stop.await(pause, TimeUnit.MILLISECONDS);
        }
        return null;
    }

    /** Claims as soon as there is something, at most 64 at once, and settles: recovered ones fail again. */
    private @Nullable Void dispatch(StorageEngine engine) throws InterruptedException {
        Semaphore bell = new Semaphore(0);
        engine.onWork(bell::release);
        while (stop.getCount() > 0) {
            List<ClaimedDelivery> claimed = resultOf(
                            engine.claim(new ClaimRequest(Fixtures.NODE, 64, Duration.ofSeconds(30), Duration.ZERO)))
                    .deliveries();
            long now = System.nanoTime();
            List<Settlement> settlements = new ArrayList<>();
            for (ClaimedDelivery one : claimed) {
                Long begun = underWay.remove(one.key().message());
                if (begun != null) {
                    synchronized (latencies) {
                        latencies.add(now - begun);
                    }
                }
                Settlement.Verdict verdict =
                        begun == null ? new Settlement.Verdict.Exhausted() : new Settlement.Verdict.Succeeded();
                settlements.add(
                        new Settlement(one.key(), one.fence(), verdict, given.attempt(one, begun == null ? 500 : 200)));
            }
            if (settlements.isEmpty()) {
                boolean rung = bell.tryAcquire(10, TimeUnit.MILLISECONDS);
                bell.drainPermits();
                idle += rung ? 0 : 1;
            } else {
                // Results are not waited for, as a dispatcher does not: the next claim goes out at once.
                engine.settle(settlements).onFailure(cause -> System.out.println("settle: " + cause));
            }
        }
        return null;
    }

    private void fail(StorageEngine engine, EngineDriver driver, Application app, int count) {
        for (int done = 0; done < count; done += BATCH) {
            List<NewMessage> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                batch.add(given.message(app.id()).payload(PAYLOAD).build());
            }
            driver.accept(batch);
            for (int left = BATCH; left > 0; ) {
                List<Settlement> settlements = new ArrayList<>();
                for (ClaimedDelivery one : resultOf(engine.claim(
                                new ClaimRequest(Fixtures.NODE, 256, Duration.ofSeconds(30), Duration.ZERO)))
                        .deliveries()) {
                    settlements.add(new Settlement(
                            one.key(), one.fence(), new Settlement.Verdict.Exhausted(), given.attempt(one, 500)));
                }
                resultOf(engine.settle(settlements));
                left -= settlements.size();
            }
        }
    }

    private static long[] sorted(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static void compare(long[] quiet, long[] busy) {
        print("quiet", quiet);
        print("recovering", busy);
        System.out.printf(
                Locale.ROOT,
                "added: mean %+.1f %%, p50 %+.1f %%, p90 %+.1f %%, p99 %+.1f %%%n",
                more(mean(busy), mean(quiet)),
                more(at(busy, 0.5), at(quiet, 0.5)),
                more(at(busy, 0.9), at(quiet, 0.9)),
                more(at(busy, 0.99), at(quiet, 0.99)));
    }

    private static void print(String what, long[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%-12s %,7d messages: mean %.2f ms, p50 %.2f ms, p99 %.2f ms%n",
                what,
                sorted.length,
                mean(sorted) / 1e6,
                at(sorted, 0.5) / 1e6,
                at(sorted, 0.99) / 1e6);
    }

    private static double mean(long[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) ((sorted.length - 1) * share)];
    }

    private static double more(double now, double before) {
        return 100 * (now / before - 1);
    }
}
