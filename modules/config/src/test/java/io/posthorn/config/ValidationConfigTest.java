package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES", "4096"),
            entry("WEBHOOK_VALIDATION_MAX_DEPTH", "20"),
            entry("WEBHOOK_VALIDATION_HTTPS_ONLY", "yes"),
            entry("WEBHOOK_VALIDATION_SCHEMA_MAX_BYTES", "1024"),
            entry("WEBHOOK_VALIDATION_SCHEMA_CACHE_BYTES", "2048"),
            entry("WEBHOOK_VALIDATION_SCHEMA_THREADS", "3"),
            entry("WEBHOOK_VALIDATION_SCHEMA_MAX_WAITING", "4"),
            entry("WEBHOOK_VALIDATION_SCHEMA_TIMEOUT", "5s"));

    @Test
    void hasDefaults() {
        assertThat(ValidationConfig.defaults())
                .isEqualTo(new ValidationConfig(
                        1024 * 1024, 200, false, 256 * 1024, 16 * 1024 * 1024, 2, 1_000, Duration.ofSeconds(2)));
        assertThat(SettingsAsserts.load(Map.of()).validation()).isEqualTo(ValidationConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        ValidationConfig loaded = SettingsAsserts.load(OTHERS).validation();

        // Then
        assertThat(loaded).isEqualTo(new ValidationConfig(4096, 20, true, 1024, 2048, 3, 4, Duration.ofSeconds(5)));
        SettingsAsserts.coversEveryKey(ValidationConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES | 0 | validation.maxPayloadBytes: 0 (expected: 1 to 268435456)",
                "WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES | 268435457 | validation.maxPayloadBytes: 268435457 (expected: 1 to 268435456)",
                "WEBHOOK_VALIDATION_MAX_DEPTH | 0 | validation.maxDepth: 0 (expected: 1 to 1000)",
                "WEBHOOK_VALIDATION_MAX_DEPTH | 1001 | validation.maxDepth: 1001 (expected: 1 to 1000)",
                "WEBHOOK_VALIDATION_SCHEMA_MAX_BYTES | 0 | validation.schemaMaxBytes: 0 (expected: 1 to 4194304)",
                "WEBHOOK_VALIDATION_SCHEMA_MAX_BYTES | 4194305 | validation.schemaMaxBytes: 4194305 (expected: 1 to 4194304)",
                "WEBHOOK_VALIDATION_SCHEMA_CACHE_BYTES | -1 | validation.schemaCacheBytes: -1 (expected: 0 to 1073741824)",
                "WEBHOOK_VALIDATION_SCHEMA_CACHE_BYTES | 1073741825 | validation.schemaCacheBytes: 1073741825 (expected: 0 to 1073741824)",
                "WEBHOOK_VALIDATION_SCHEMA_THREADS | 0 | validation.schemaThreads: 0 (expected: 1 to 64)",
                "WEBHOOK_VALIDATION_SCHEMA_THREADS | 65 | validation.schemaThreads: 65 (expected: 1 to 64)",
                "WEBHOOK_VALIDATION_SCHEMA_MAX_WAITING | 0 | validation.schemaMaxWaiting: 0 (expected: 1 to 1000000)",
                "WEBHOOK_VALIDATION_SCHEMA_MAX_WAITING | 1000001 | validation.schemaMaxWaiting: 1000001 (expected: 1 to 1000000)",
                "WEBHOOK_VALIDATION_SCHEMA_TIMEOUT | 0s | validation.schemaTimeout: 0s (expected: > 0s)",
                "WEBHOOK_VALIDATION_SCHEMA_TIMEOUT | 61s | validation.schemaTimeout: 61s (expected: at most 60s)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
