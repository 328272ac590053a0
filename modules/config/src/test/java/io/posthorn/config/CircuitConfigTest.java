package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "3"),
            entry("CIRCUIT_BREAKER_TIMEOUT", "7"),
            entry("WEBHOOK_CIRCUIT_MAX_TIMEOUT", "5m"));

    @Test
    void hasDefaults() {
        assertThat(CircuitConfig.defaults())
                .isEqualTo(new CircuitConfig(10, Duration.ofSeconds(30), Duration.ofMinutes(10)));
        assertThat(SettingsAsserts.load(Map.of()).circuit()).isEqualTo(CircuitConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        CircuitConfig loaded = SettingsAsserts.load(OTHERS).circuit();

        // Then
        assertThat(loaded).isEqualTo(new CircuitConfig(3, Duration.ofSeconds(7), Duration.ofMinutes(5)));
        SettingsAsserts.coversEveryKey(CircuitConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CIRCUIT_BREAKER_FAILURE_THRESHOLD | -1 | circuit.failureThreshold: -1 (expected: 0 to 10000)",
                "CIRCUIT_BREAKER_FAILURE_THRESHOLD | 10001 | circuit.failureThreshold: 10001 (expected: 0 to 10000)",
                "CIRCUIT_BREAKER_TIMEOUT | 0s | circuit.timeout: 0s (expected: > 0s)",
                "WEBHOOK_CIRCUIT_MAX_TIMEOUT | 25h | circuit.maxTimeout: 25h (expected: at most 24h)",
                "WEBHOOK_CIRCUIT_MAX_TIMEOUT | 1s | circuit.maxTimeout: 1s (expected: at least circuit.timeout, 30s)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
