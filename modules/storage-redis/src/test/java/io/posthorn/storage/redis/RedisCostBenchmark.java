package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;

import io.posthorn.contract.Application;
import io.posthorn.contract.ClaimRequest;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.Settlement;
import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.Fixtures;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Prints what a delivery costs Redis: CPU by INFO before and after, memory by {@code used_memory}. Run by name only:
 * {@code mvn -pl modules/storage-redis -am test -Dtest=RedisCostBenchmark -Dsurefire.failIfNoSpecifiedTests=false}.
 */
final class RedisCostBenchmark {
    private static final int DELIVERIES = 100_000;
    private static final int APPLICATIONS = 10;
    private static final int BATCH = 64;
    private static final int CLAIM = 256;

    private final Fixtures given = new Fixtures(InstantSource.system());

    @Test
    @Timeout(900)
    void cpuAndMemoryOfADelivery() {
        measure(100);
        measure(1_024);
    }

    private void measure(int payloadBytes) {
        Vertx vertx = Vertx.vertx();
        try (RedisProcess redis = RedisProcess.start()) {
            RedisServers servers =
                    RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
            StorageEngine engine = RedisEngines.redis(
                    vertx,
                    new RedisEngineOptions(
                            servers,
                            16,
                            8,
                            Duration.ofSeconds(20),
                            0,
                            "posthorn",
                            InFlightLimit.from(100_000),
                            Duration.ofDays(30)),
                    InstantSource.system());
            resultOf(engine.open());
            measure(engine, redis, payloadBytes);
            resultOf(engine.close());
        } finally {
            resultOf(vertx.close());
        }
    }

    private void measure(StorageEngine engine, RedisProcess redis, int payloadBytes) {
        EngineDriver store = new EngineDriver(engine, new ManualClock(Instant.now()));
        List<Application> apps = new ArrayList<>();
        for (int i = 0; i < APPLICATIONS; i++) {
            Application app = store.application();
            store.endpoint(app);
            apps.add(app);
        }
        Buffer payload = Buffer.buffer(new byte[payloadBytes]);
        double memory = redis.info("memory", "used_memory");
        double start = cpu(redis);
        for (int i = 0; i < DELIVERIES / BATCH; i++) {
            List<NewMessage> batch = new ArrayList<>();
            for (int k = 0; k < BATCH; k++) {
                batch.add(given.message(apps.get(i % APPLICATIONS).id())
                        .payload(payload)
                        .build());
            }
            resultOf(engine.append(batch));
        }
        double appended = cpu(redis);
        int count = DELIVERIES / BATCH * BATCH;
        double waiting = (redis.info("memory", "used_memory") - memory) / count;
        double claiming = 0;
        double settling = 0;
        int claimed = 0;
        while (claimed < count) {
            double before = cpu(redis);
            List<ClaimedDelivery> some = resultOf(
                            engine.claim(new ClaimRequest(Fixtures.NODE, CLAIM, Duration.ofMinutes(10), Duration.ZERO)))
                    .deliveries();
            double between = cpu(redis);
            List<Settlement> results = new ArrayList<>();
            for (ClaimedDelivery one : some) {
                results.add(new Settlement(
                        one.key(), one.fence(), new Settlement.Verdict.Succeeded(), given.attempt(one, 200)));
            }
            resultOf(engine.settle(results));
            claiming += between - before;
            settling += cpu(redis) - between;
            claimed += some.size();
        }
        System.out.printf(
                "%d B payload, %d deliveries: append %s us, claim %s us, settle %s us of Redis CPU each; %d B waiting,"
                        + " %d B ended%n",
                payloadBytes,
                count,
                micros(appended - start, count),
                micros(claiming, count),
                micros(settling, count),
                Math.round(waiting),
                Math.round((redis.info("memory", "used_memory") - memory) / count));
    }

    private static double cpu(RedisProcess redis) {
        return redis.info("cpu", "used_cpu_user") + redis.info("cpu", "used_cpu_sys");
    }

    private static String micros(double seconds, int count) {
        return String.format(java.util.Locale.ROOT, "%.1f", seconds * 1e6 / count);
    }
}
