package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("REDIS_URL", "rediss://one.example.com:26379, rediss://two.example.com"),
            entry("REDIS_PASSWORD", "correct horse"),
            entry("REDIS_DB", "3"),
            entry("WEBHOOK_REDIS_USERNAME", "posthorn"),
            entry("WEBHOOK_REDIS_MODE", "sentinel"),
            entry("WEBHOOK_REDIS_MASTER_NAME", "hooks"),
            entry("WEBHOOK_REDIS_SHARDS", "64"),
            entry("WEBHOOK_REDIS_CONNECTIONS", "2"),
            entry("WEBHOOK_REDIS_CALL_TIMEOUT", "1500ms"),
            entry("WEBHOOK_REDIS_WAIT_REPLICAS", "1"),
            entry("WEBHOOK_REDIS_KEY_PREFIX", "hooks.eu"));

    @Test
    void hasDefaults() {
        assertThat(RedisConfig.defaults())
                .isEqualTo(new RedisConfig(
                        List.of(),
                        null,
                        null,
                        null,
                        RedisMode.AUTO,
                        null,
                        16,
                        8,
                        Duration.ofSeconds(5),
                        0,
                        "posthorn"));
        assertThat(SettingsAsserts.load(Map.of()).redis()).isEqualTo(RedisConfig.defaults());
        assertThat(RedisConfig.defaults().isSet()).isFalse();
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        RedisConfig loaded = SettingsAsserts.load(OTHERS).redis();

        // Then
        assertThat(loaded)
                .isEqualTo(new RedisConfig(
                        List.of(
                                RedisUrl.parse("rediss://one.example.com:26379"),
                                RedisUrl.parse("rediss://two.example.com")),
                        new Secret("correct horse"),
                        3,
                        "posthorn",
                        RedisMode.SENTINEL,
                        "hooks",
                        64,
                        2,
                        Duration.ofMillis(1500),
                        1,
                        "hooks.eu"));
        assertThat(loaded.isSet()).isTrue();
        SettingsAsserts.coversEveryKey(RedisConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REDIS_DB | -1 | redis.database: -1 (expected: 0 to 65535)",
                "REDIS_DB | 65536 | redis.database: 65536 (expected: 0 to 65535)",
                "REDIS_DB | zero | redis.database: zero (expected: a whole number)",
                "WEBHOOK_REDIS_MODE | ring | redis.mode: ring (expected: auto, standalone, sentinel, cluster)",
                "WEBHOOK_REDIS_SHARDS | 0 | redis.shards: 0 (expected: 1 to 1024)",
                "WEBHOOK_REDIS_SHARDS | 1025 | redis.shards: 1025 (expected: 1 to 1024)",
                "WEBHOOK_REDIS_CONNECTIONS | 0 | redis.connections: 0 (expected: 1 to 64)",
                "WEBHOOK_REDIS_CONNECTIONS | 65 | redis.connections: 65 (expected: 1 to 64)",
                "WEBHOOK_REDIS_CALL_TIMEOUT | 99ms | redis.callTimeout: 99ms (expected: 100ms to 60s)",
                "WEBHOOK_REDIS_CALL_TIMEOUT | 61 | redis.callTimeout: 61s (expected: 100ms to 60s)",
                "WEBHOOK_REDIS_WAIT_REPLICAS | -1 | redis.waitReplicas: -1 (expected: 0 to 16)",
                "WEBHOOK_REDIS_WAIT_REPLICAS | 17 | redis.waitReplicas: 17 (expected: 0 to 16)",
                "WEBHOOK_REDIS_KEY_PREFIX | a:b | redis.keyPrefix: a:b (expected: 1 to 64 letters, digits, dots, dashes or underlines)",
                "WEBHOOK_REDIS_KEY_PREFIX | {a} | redis.keyPrefix: {a} (expected: 1 to 64 letters, digits, dots, dashes or underlines)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_REDIS_MODE", "sentinel", "REDIS_URL", "redis://a")))
                .containsExactly(
                        "redis.masterName: unset (expected: the name that the sentinels watch, since redis.mode is sentinel)");
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_REDIS_MODE", "cluster", "REDIS_URL", "redis://a/2")))
                .containsExactly("redis.database: 2 (expected: 0, since a Redis Cluster has no other)");
        assertThat(SettingsAsserts.problems(Map.of("REDIS_URL", "redis://a,rediss://b")))
                .containsExactly("redis.url: redis:// and rediss:// together (expected: either TLS to all or to none),"
                        + " from REDIS_URL");
    }

    @Test
    void tellsFromTheUrlsAndTheMasterNameHowTheServersBelongTogether() {
        assertThat(modeOf(Map.of("REDIS_URL", "redis://a"))).isEqualTo(RedisMode.STANDALONE);
        assertThat(modeOf(Map.of("REDIS_URL", "redis://a,redis://b"))).isEqualTo(RedisMode.CLUSTER);
        assertThat(modeOf(Map.of("REDIS_URL", "redis://a,redis://b", "WEBHOOK_REDIS_MASTER_NAME", "hooks")))
                .isEqualTo(RedisMode.SENTINEL);
        assertThat(modeOf(Map.of("REDIS_URL", "redis://a", "WEBHOOK_REDIS_MODE", "cluster")))
                .isEqualTo(RedisMode.CLUSTER);
        assertThat(SettingsAsserts.problems(
                        Map.of("REDIS_URL", "redis://a,redis://b", "WEBHOOK_REDIS_MODE", "standalone")))
                .containsExactly("redis.url: 2 URLs (expected: one, since redis.mode is standalone), from REDIS_URL");
    }

    private static RedisMode modeOf(Map<String, String> environment) {
        return SettingsAsserts.load(environment).redis().effectiveMode();
    }

    @Test
    void refusesRedisByNameWithoutAUrl() {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_STORAGE_TYPE", "redis")))
                .containsExactly(
                        "redis.url: unset (expected: a URL such as redis://localhost:6379, since storage.type is redis)");
    }

    @Test
    void tellsABadUrlOnceEvenIfRedisIsNeeded() {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", "localhost")))
                .containsExactly("redis.url: localhost (expected: " + RedisUrl.EXPECTED + "), from REDIS_URL");
    }

    @Test
    void takesTheDatabaseOfTheUrlUnlessItIsSetByItself() {
        assertThat(SettingsAsserts.load(Map.of("REDIS_URL", "redis://a/4"))
                        .redis()
                        .effectiveDatabase())
                .isEqualTo(4);
        assertThat(SettingsAsserts.load(Map.of("REDIS_URL", "redis://a/4", "REDIS_DB", "0"))
                        .redis()
                        .effectiveDatabase())
                .isZero();
    }
}
