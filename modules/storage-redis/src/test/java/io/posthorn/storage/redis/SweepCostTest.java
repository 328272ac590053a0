package io.posthorn.storage.redis;

import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.storage.api.InFlightLimit;
import io.posthorn.testkit.EngineDriver;
import io.posthorn.testkit.ManualClock;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a node without traffic asks of Redis, counted there. */
class SweepCostTest {
    private static final int SHARDS = 16;
    private static final int SWEEPS = 10;

    /** What the node asks once in a while, whatever is swept. */
    private static final int OTHERS = 40;

    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    @Test
    void sweepThatFindsNothingIsOneScriptForEachShard() {
        // Given
        Vertx vertx = Vertx.vertx();
        try (RedisProcess redis = RedisProcess.start(Map.of("appendonly", "no"))) {
            ManualClock clock = new ManualClock();
            RedisServers servers =
                    RedisServers.of(List.of(redis.url()), RedisServers.Mode.STANDALONE, null, null, null, null);
            RedisEngineOptions options = new RedisEngineOptions(
                    servers,
                    SHARDS,
                    2,
                    Duration.ofSeconds(5),
                    0,
                    "posthorn",
                    InFlightLimit.from(128),
                    Duration.ofDays(30));
            RedisEngine engine = RedisEngines.redis(vertx, options, clock, clock);
            resultOf(engine.open());
            EngineDriver driver = new EngineDriver(engine, clock);
            driver.endpoint(driver.application());
            driver.sweep();
            int before = scripts(redis);

            // When
            for (int i = 0; i < SWEEPS; i++) {
                assertThat(resultOf(engine.sweep())).isPositive();
            }

            // Then
            assertThat(scripts(redis) - before)
                    .isBetween(SWEEPS * SHARDS, SWEEPS * (SHARDS + 1) + OTHERS)
                    .isLessThan(SWEEPS * 2 * SHARDS);
            resultOf(engine.close());
        } finally {
            resultOf(vertx.close());
        }
    }

    private static int scripts(RedisProcess redis) {
        Matcher calls = SCRIPTS.matcher(redis.command("INFO", "commandstats"));
        assertThat(calls.find()).isTrue();
        return Integer.parseInt(calls.group(1));
    }
}
