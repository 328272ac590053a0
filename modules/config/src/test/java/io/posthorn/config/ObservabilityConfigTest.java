package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservabilityConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("ENABLE_METRICS", "false"), entry("WEBHOOK_LOG_FORMAT", "json"), entry("WEBHOOK_LOG_LEVEL", "WARN"));

    @Test
    void hasDefaults() {
        assertThat(ObservabilityConfig.defaults()).isEqualTo(new ObservabilityConfig(true, LogFormat.TEXT, "info"));
        assertThat(SettingsAsserts.load(Map.of()).observability()).isEqualTo(ObservabilityConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        ObservabilityConfig loaded = SettingsAsserts.load(OTHERS).observability();

        // Then
        assertThat(loaded).isEqualTo(new ObservabilityConfig(false, LogFormat.JSON, "warn"));
        SettingsAsserts.coversEveryKey(ObservabilityConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ENABLE_METRICS | perhaps | observability.metrics: perhaps (expected: true or false)",
                "WEBHOOK_LOG_FORMAT | xml | observability.logFormat: xml (expected: text, json)",
                "WEBHOOK_LOG_LEVEL | loud | observability.logLevel: loud (expected: trace, debug, info, warn, error)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
