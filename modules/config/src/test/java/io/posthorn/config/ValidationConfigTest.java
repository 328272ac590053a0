package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES", "4096"),
            entry("WEBHOOK_VALIDATION_MAX_DEPTH", "20"),
            entry("WEBHOOK_VALIDATION_HTTPS_ONLY", "yes"));

    @Test
    void hasDefaults() {
        assertThat(ValidationConfig.defaults()).isEqualTo(new ValidationConfig(1024 * 1024, 200, false));
        assertThat(SettingsAsserts.load(Map.of()).validation()).isEqualTo(ValidationConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        ValidationConfig loaded = SettingsAsserts.load(OTHERS).validation();

        // Then
        assertThat(loaded).isEqualTo(new ValidationConfig(4096, 20, true));
        SettingsAsserts.coversEveryKey(ValidationConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES | 0 | validation.maxPayloadBytes: 0 (expected: 1 to 268435456)",
                "WEBHOOK_VALIDATION_MAX_PAYLOAD_BYTES | 268435457 | validation.maxPayloadBytes: 268435457 (expected: 1 to 268435456)",
                "WEBHOOK_VALIDATION_MAX_DEPTH | 0 | validation.maxDepth: 0 (expected: 1 to 1000)",
                "WEBHOOK_VALIDATION_MAX_DEPTH | 1001 | validation.maxDepth: 1001 (expected: 1 to 1000)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
