package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitConfigTest {
    private static final Map<String, String> OTHERS =
            Map.ofEntries(entry("WEBHOOK_RATE_LIMIT", "100"), entry("WEBHOOK_RATE_LIMIT_WINDOW", "1"));

    @Test
    void hasDefaults() {
        assertThat(RateLimitConfig.defaults()).isEqualTo(new RateLimitConfig(null, Duration.ofSeconds(60)));
        assertThat(SettingsAsserts.load(Map.of()).rateLimit()).isEqualTo(RateLimitConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        RateLimitConfig loaded = SettingsAsserts.load(OTHERS).rateLimit();

        // Then
        assertThat(loaded).isEqualTo(new RateLimitConfig(100, Duration.ofSeconds(1)));
        SettingsAsserts.coversEveryKey(RateLimitConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_RATE_LIMIT | 0 | ratelimit.limit: 0 (expected: 1 to 1000000000)",
                "WEBHOOK_RATE_LIMIT | 1000000001 | ratelimit.limit: 1000000001 (expected: 1 to 1000000000)",
                "WEBHOOK_RATE_LIMIT_WINDOW | -1m | ratelimit.window: -60s (expected: > 0s)",
                "WEBHOOK_RATE_LIMIT_WINDOW | 32d | ratelimit.window: 768h (expected: at most 744h)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
