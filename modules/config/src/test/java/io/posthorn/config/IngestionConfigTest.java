package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestionConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_HTTP_HOST", "::"),
            entry("WEBHOOK_HTTP_PORT", "0"),
            entry("WEBHOOK_HTTP_MAX_BODY_BYTES", "4096"),
            entry("WEBHOOK_MAX_QUEUE_SIZE", "10"),
            entry("WEBHOOK_HTTP_REQUEST_TIMEOUT", "3"),
            entry("WEBHOOK_HTTP_INSTANCES", "1"),
            entry("WEBHOOK_JWT_SECRET", "0123456789abcdef0123456789abcdef"),
            entry("WEBHOOK_JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----"),
            entry("WEBHOOK_API_RATE_LIMIT", "100"),
            entry("WEBHOOK_API_RATE_LIMIT_WINDOW", "1"));

    @Test
    void hasDefaults() {
        assertThat(IngestionConfig.defaults())
                .isEqualTo(new IngestionConfig(
                        "127.0.0.1",
                        8071,
                        2 * 1024 * 1024,
                        10_000,
                        Duration.ofSeconds(10),
                        2,
                        null,
                        null,
                        null,
                        Duration.ofSeconds(60)));
        assertThat(SettingsAsserts.load(Map.of()).ingestion()).isEqualTo(IngestionConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        IngestionConfig loaded = SettingsAsserts.load(OTHERS).ingestion();

        // Then
        assertThat(loaded)
                .isEqualTo(new IngestionConfig(
                        "::",
                        0,
                        4096,
                        10,
                        Duration.ofSeconds(3),
                        1,
                        new Secret("0123456789abcdef0123456789abcdef"),
                        "-----BEGIN PUBLIC KEY-----",
                        100,
                        Duration.ofSeconds(1)));
        SettingsAsserts.coversEveryKey(IngestionConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_HTTP_PORT | 65536 | ingestion.port: 65536 (expected: 0 to 65535)",
                "WEBHOOK_HTTP_MAX_BODY_BYTES | 1023 | ingestion.maxBodyBytes: 1023 (expected: 1024 to 268435456)",
                "WEBHOOK_MAX_QUEUE_SIZE | 0 | ingestion.maxPending: 0 (expected: 1 to 1000000)",
                "WEBHOOK_HTTP_REQUEST_TIMEOUT | 0 | ingestion.requestTimeout: 0s (expected: > 0s)",
                "WEBHOOK_API_RATE_LIMIT | 0 | ingestion.rateLimit: 0 (expected: 1 to 1000000000)",
                "WEBHOOK_API_RATE_LIMIT_WINDOW | 0 | ingestion.rateLimitWindow: 0s (expected: > 0s)",
                "WEBHOOK_API_RATE_LIMIT_WINDOW | 25h | ingestion.rateLimitWindow: 25h (expected: at most 24h)",
                "WEBHOOK_API_RATE_LIMIT_WINDOW | 1500ms | ingestion.rateLimitWindow: 1500ms (expected: whole seconds)",
                "WEBHOOK_HTTP_INSTANCES | 0 | ingestion.instances: 0 (expected: 1 to 256)",
                "WEBHOOK_JWT_SECRET | 0123456789abcdef0123456789abcde | ingestion.jwtSecret: [redacted] (expected: at least 32 bytes)",
                "WEBHOOK_JWT_PUBLIC_KEY | MCow | ingestion.jwtPublicKey: something else (expected: PEM that begins with -----BEGIN PUBLIC KEY-----)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
