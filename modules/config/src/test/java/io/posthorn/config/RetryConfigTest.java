package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_RETRY_SCHEDULE", "0, 1s,5m,2h"),
            entry("WEBHOOK_DEFAULT_RETRY_COUNT", "3"),
            entry("WEBHOOK_MAX_RETRY_DELAY", "600"),
            entry("WEBHOOK_DISPATCH_JITTER", "0.5"),
            entry("WEBHOOK_RETRY_MAX_AGE", "2d"),
            entry("WEBHOOK_RETRY_FINAL_STATUSES", "400, 404"));

    @Test
    void hasDefaults() {
        assertThat(RetryConfig.defaults()).isEqualTo(new RetryConfig(List.of(), null, null, 0.2, null, List.of()));
        assertThat(SettingsAsserts.load(Map.of()).retry()).isEqualTo(RetryConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        RetryConfig loaded = SettingsAsserts.load(OTHERS).retry();

        // Then
        assertThat(loaded)
                .isEqualTo(new RetryConfig(
                        List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(2)),
                        3,
                        Duration.ofSeconds(600),
                        0.5,
                        Duration.ofDays(2),
                        List.of(400, 404)));
        SettingsAsserts.coversEveryKey(RetryConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_RETRY_SCHEDULE | 1,-2 | dispatch.retrySchedule: -2s (expected: entries of 0s to 744h)",
                "WEBHOOK_RETRY_SCHEDULE | 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1 | dispatch.retrySchedule: 101 entries (expected: at most 100 entries)",
                "WEBHOOK_DEFAULT_RETRY_COUNT | 101 | dispatch.retryCount: 101 (expected: 0 to 100)",
                "WEBHOOK_MAX_RETRY_DELAY | 0 | dispatch.maxRetryDelay: 0s (expected: > 0s)",
                "WEBHOOK_DISPATCH_JITTER | 0.51 | dispatch.jitter: 0.51 (expected: 0.0 to 0.5)",
                "WEBHOOK_DISPATCH_JITTER | NaN | dispatch.jitter: NaN (expected: 0.0 to 0.5)",
                "WEBHOOK_RETRY_MAX_AGE | 999ms | dispatch.retryMaxAge: 999ms (expected: 1s to 87600h)",
                "WEBHOOK_RETRY_MAX_AGE | 3651d | dispatch.retryMaxAge: 87624h (expected: 1s to 87600h)",
                "WEBHOOK_RETRY_FINAL_STATUSES | 404,99 | dispatch.retryFinalStatuses: 99 (expected: entries of 100 to 599)",
                "WEBHOOK_RETRY_FINAL_STATUSES | 600 | dispatch.retryFinalStatuses: 600 (expected: entries of 100 to 599)",
                "WEBHOOK_RETRY_FINAL_STATUSES | never | dispatch.retryFinalStatuses: never (expected: a whole number)",
                "WEBHOOK_RETRY_FINAL_STATUSES | 404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404,404 | dispatch.retryFinalStatuses: 101 entries (expected: at most 100 entries)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }

    @Test
    void standardScheduleIsUsedUnlessAnotherIsSet() {
        assertThat(new RetryConfig(List.of(), null, null, 0.3, null, List.of()).policy())
                .isEqualTo(new RetryPolicy(RetryPolicy.STANDARD.delays(), 0.3));
        assertThat(new RetryConfig(List.of(Duration.ofSeconds(7)), 5, null, 0.3, null, List.of())
                        .policy()
                        .delays())
                .containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void exponentialScheduleDoublesFromOneSecondUpToTheLongest() {
        assertThat(new RetryConfig(List.of(), 4, Duration.ofSeconds(3), 0, null, List.of())
                        .policy()
                        .delays())
                .containsExactly(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(3));
        assertThat(new RetryConfig(List.of(), null, Duration.ofDays(1), 0, null, List.of())
                        .policy()
                        .delays())
                .hasSize(3);
        assertThat(new RetryConfig(List.of(), 20, null, 0, null, List.of())
                        .policy()
                        .delays())
                .endsWith(Duration.ofMinutes(5));
        assertThat(new RetryConfig(List.of(), 0, null, 0, null, List.of())
                        .policy()
                        .delays())
                .isEmpty();
    }

    @Test
    void saysHowItsNodeSendsByItself() {
        assertThat(new RetryConfig(List.of(), 0, null, 0, Duration.ofDays(1), List.of(404, 404))
                        .sending(DispatchConfig.defaults()))
                .isEqualTo(new Sending(
                        new RetryPolicy(List.of(), 0),
                        Duration.ofDays(1),
                        Set.of(404),
                        Duration.ofSeconds(30),
                        128,
                        null,
                        null,
                        null));
    }
}
