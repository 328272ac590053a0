package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_STORAGE_TYPE", "Memory"),
            entry("WEBHOOK_DATA_DIR", "/var/lib/posthorn"),
            entry("WEBHOOK_STORAGE_WINDOW_ENTRIES", "5000"),
            entry("WEBHOOK_STORAGE_RETENTION", "30d"),
            entry("WEBHOOK_STORAGE_ATTEMPT_RETENTION", "7d"));

    @Test
    void hasDefaults() {
        assertThat(StorageConfig.defaults())
                .isEqualTo(new StorageConfig(
                        StorageType.AUTO, Path.of("data"), 200_000, Duration.ofDays(90), Duration.ofDays(30)));
        assertThat(SettingsAsserts.load(Map.of()).storage()).isEqualTo(StorageConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        StorageConfig loaded = SettingsAsserts.load(OTHERS).storage();

        // Then
        assertThat(loaded)
                .isEqualTo(new StorageConfig(
                        StorageType.MEMORY,
                        Path.of("/var/lib/posthorn"),
                        5000,
                        Duration.ofDays(30),
                        Duration.ofDays(7)));
        SettingsAsserts.coversEveryKey(StorageConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_STORAGE_TYPE | mysql | storage.type: mysql (expected: auto, memory, disk, redis)",
                "WEBHOOK_STORAGE_WINDOW_ENTRIES | 999 | storage.windowEntries: 999 (expected: 1000 to 100000000)",
                "WEBHOOK_STORAGE_WINDOW_ENTRIES | 100000001 | storage.windowEntries: 100000001 (expected: 1000 to 100000000)",
                "WEBHOOK_STORAGE_RETENTION | 0 | storage.retention: 0s (expected: > 0s)",
                "WEBHOOK_STORAGE_RETENTION | 3651d | storage.retention: 87624h (expected: at most 87600h)",
                "WEBHOOK_STORAGE_ATTEMPT_RETENTION | 0 | storage.attemptRetention: 0s (expected: > 0s)",
                "WEBHOOK_STORAGE_ATTEMPT_RETENTION | 59m | storage.attemptRetention: 59m (expected: >= 1h)",
                "WEBHOOK_STORAGE_ATTEMPT_RETENTION | 3651d | storage.attemptRetention: 87624h (expected: at most 87600h)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
