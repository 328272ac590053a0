package io.posthorn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {
    @Test
    void readsEveryPart() {
        // When
        RedisUrl url = RedisUrl.parse("rediss://hooks:p%40ss@redis.example.com:7000/5");

        // Then
        assertThat(url.tls()).isTrue();
        assertThat(url.host()).isEqualTo("redis.example.com");
        assertThat(url.port()).isEqualTo(7000);
        assertThat(url.database()).isEqualTo(5);
        assertThat(url.text().value()).isEqualTo("rediss://hooks:p%40ss@redis.example.com:7000/5");
        assertThat(url).hasToString("rediss://redis.example.com:7000/5");
    }

    @Test
    void leavesOutWhatNeedNotBeSaid() {
        assertThat(RedisUrl.parse("redis://[::1]").port()).isNull();
        assertThat(RedisUrl.parse("redis://[::1]").host()).isEqualTo("[::1]");
        assertThat(RedisUrl.parse("redis://localhost/").database()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://localhost",
                "redis:localhost",
                "redis://",
                "redis://localhost:0",
                "redis://localhost:65536",
                "redis://localhost:port",
                "redis://localhost/name",
                "redis://localhost/1/2",
                "redis://localhost?db=1",
                "redis://localhost#1",
                "redis://local host",
                "redis://:pa#ss@localhost",
                "unix:///run/redis.sock"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> RedisUrl.parse(text)).hasMessage(RedisUrl.EXPECTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://hooks:hunter2@localhost:1 | http://[redacted]@localhost:1",
                "redis://:hun:ter2@b/x | redis://[redacted]@b/x",
                "redis://:hun,ter2@b | redis://[redacted]@b",
                "redis:hunter2@b | redis:[redacted]",
                "hunter2@b | [redacted]@b",
                "redis://b:hunter2 | redis://b:[redacted]",
                "redis://:hunter2 | redis://:[redacted]",
                "redis://b?password=hunter2 | redis://b?[redacted]",
                "redis://a:1/2,redis://b/none | redis://a:1/2,redis://b/none"
            })
    void neverShowsAPassword(String text, String shown) {
        assertThat(RedisUrl.redacted(text)).isEqualTo(shown);
        assertThat(SettingsAsserts.problems(Map.of("REDIS_URL", text)))
                .containsExactly("redis.url: " + shown + " (expected: " + RedisUrl.EXPECTED + "), from REDIS_URL");
    }
}
