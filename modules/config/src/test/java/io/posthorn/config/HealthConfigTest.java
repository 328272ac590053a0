package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_MANAGEMENT_HOST", "0.0.0.0"),
            entry("WEBHOOK_MANAGEMENT_PORT", "0"),
            entry("WEBHOOK_HEALTH_CHECK_TIMEOUT", "500ms"),
            entry("WEBHOOK_METRICS_APPLICATIONS", "10"));

    @Test
    void hasDefaults() {
        assertThat(HealthConfig.defaults()).isEqualTo(new HealthConfig("127.0.0.1", 8072, Duration.ofSeconds(2), 0));
        assertThat(SettingsAsserts.load(Map.of()).health()).isEqualTo(HealthConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        HealthConfig loaded = SettingsAsserts.load(OTHERS).health();

        // Then
        assertThat(loaded).isEqualTo(new HealthConfig("0.0.0.0", 0, Duration.ofMillis(500), 10));
        SettingsAsserts.coversEveryKey(HealthConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_MANAGEMENT_PORT | 65536 | health.port: 65536 (expected: 0 to 65535)",
                "WEBHOOK_MANAGEMENT_PORT | -1 | health.port: -1 (expected: 0 to 65535)",
                "WEBHOOK_MANAGEMENT_PORT | http | health.port: http (expected: a whole number)",
                "WEBHOOK_HEALTH_CHECK_TIMEOUT | 0 | health.checkTimeout: 0s (expected: > 0s)",
                "WEBHOOK_HEALTH_CHECK_TIMEOUT | 61 | health.checkTimeout: 61s (expected: at most 60s)",
                "WEBHOOK_METRICS_APPLICATIONS | -1 | health.metricsApplications: -1 (expected: 0 to 100)",
                "WEBHOOK_METRICS_APPLICATIONS | 101 | health.metricsApplications: 101 (expected: 0 to 100)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
