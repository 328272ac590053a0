package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatchConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_MAX_WORKERS", "64"),
            entry("WEBHOOK_DISPATCH_MAX_PER_ENDPOINT", "8"),
            entry("WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT", "3"),
            entry("WEBHOOK_DISPATCH_INSTANCES", "1"),
            entry("WEBHOOK_DEFAULT_TIMEOUT", "15"),
            entry("WEBHOOK_DISPATCH_CONNECT_TIMEOUT", "3s"),
            entry("WEBHOOK_DISPATCH_MAX_RESPONSE_BYTES", "0"),
            entry("WEBHOOK_DISPATCH_MAX_RETRY_AFTER", "1h"),
            entry("WEBHOOK_DISPATCH_BUSY_PENALTY", "5"),
            entry("WEBHOOK_DISPATCH_DISABLE_AFTER", "1d"),
            entry("WEBHOOK_DISPATCH_DRAIN_TIMEOUT", "5s"),
            entry("WEBHOOK_OPERATIONAL_APPLICATION", "operator"));

    @Test
    void hasDefaults() {
        assertThat(DispatchConfig.defaults())
                .isEqualTo(new DispatchConfig(
                        512,
                        128,
                        8,
                        2,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        16 * 1024,
                        Duration.ofHours(24),
                        Duration.ofSeconds(60),
                        Duration.ofHours(120),
                        Duration.ofSeconds(35),
                        null));
        assertThat(SettingsAsserts.load(Map.of()).dispatch()).isEqualTo(DispatchConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        DispatchConfig loaded = SettingsAsserts.load(OTHERS).dispatch();

        // Then
        assertThat(loaded)
                .isEqualTo(new DispatchConfig(
                        64,
                        8,
                        3,
                        1,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(3),
                        0,
                        Duration.ofHours(1),
                        Duration.ofSeconds(5),
                        Duration.ofDays(1),
                        Duration.ofSeconds(5),
                        "operator"));
        SettingsAsserts.coversEveryKey(DispatchConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_MAX_WORKERS | 0 | dispatch.maxInFlight: 0 (expected: 1 to 100000)",
                "WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT | 0 | dispatch.firstInFlightPerEndpoint: 0 (expected: 1 to 100000)",
                "WEBHOOK_DISPATCH_MAX_PER_ENDPOINT | 100001 | dispatch.maxInFlightPerEndpoint: 100001 (expected: 1 to 100000)",
                "WEBHOOK_DISPATCH_INSTANCES | 257 | dispatch.instances: 257 (expected: 1 to 256)",
                "WEBHOOK_DEFAULT_TIMEOUT | -5s | dispatch.timeout: -5s (expected: > 0s)",
                "WEBHOOK_DEFAULT_TIMEOUT | 11m | dispatch.timeout: 11m (expected: at most 10m)",
                "WEBHOOK_DEFAULT_TIMEOUT | soon | dispatch.timeout: soon (expected: a duration such as 500ms, 30s, 5m or 2h)",
                "WEBHOOK_DISPATCH_CONNECT_TIMEOUT | 0 | dispatch.connectTimeout: 0s (expected: > 0s)",
                "WEBHOOK_DISPATCH_MAX_RESPONSE_BYTES | -1 | dispatch.maxResponseBytes: -1 (expected: 0 to 16777216)",
                "WEBHOOK_DISPATCH_MAX_RETRY_AFTER | 0 | dispatch.maxRetryAfter: 0s (expected: > 0s)",
                "WEBHOOK_DISPATCH_BUSY_PENALTY | 32d | dispatch.busyPenalty: 768h (expected: at most 744h)",
                "WEBHOOK_DISPATCH_DISABLE_AFTER | 0 | dispatch.disableAfter: 0s (expected: > 0s)",
                "WEBHOOK_DISPATCH_DRAIN_TIMEOUT | 2h | dispatch.drainTimeout: 2h (expected: at most 1h)",
                "WEBHOOK_OPERATIONAL_APPLICATION | two words | dispatch.operationalApplication: two words (expected: the uid or id of an application: 1 to 256 of a-z A-Z 0-9 - _ .)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
