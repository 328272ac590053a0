package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
            entry("WEBHOOK_OPERATIONAL_APPLICATION", "operator"),
            entry("WEBHOOK_DISPATCH_HEADERS", "X-Source: billing: eu, X-Key:k-123"));

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
                        null,
                        List.of()));
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
                        "operator",
                        List.of(
                                new SourceHeader("X-Source", new Secret("billing: eu")),
                                new SourceHeader("X-Key", new Secret("k-123")))));
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
                "WEBHOOK_OPERATIONAL_APPLICATION | two words | dispatch.operationalApplication: two words (expected: the uid or id of an application: 1 to 256 of a-z A-Z 0-9 - _ .)",
                "WEBHOOK_DISPATCH_HEADERS | X-A | dispatch.headers: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | X-A: | dispatch.headers: X-A: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | Authorization: Bearer abc | dispatch.headers: Authorization: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | webhook-id: 5 | dispatch.headers: webhook-id: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | Transfer-Encoding: chunked | dispatch.headers: Transfer-Encoding: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | X-A: ü | dispatch.headers: X-A: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)",
                "WEBHOOK_DISPATCH_HEADERS | X B: 1 | dispatch.headers: X B: [redacted] (expected: name: value, a header that may be sent along (not Authorization, which belongs to an endpoint, nor one that the request, the connection or the signature needs), of at most 4096 visible ASCII characters)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }

    @Test
    void refusesTooManyAndTooLongHeadersAndOneNameTwice() {
        String many =
                IntStream.rangeClosed(1, 21).mapToObj(i -> "X-" + i + ": v").collect(Collectors.joining(","));
        String value = "v".repeat(2_800);

        SettingsAsserts.refuses(
                "WEBHOOK_DISPATCH_HEADERS", many, "dispatch.headers: 21 entries (expected: at most 20 entries)");
        SettingsAsserts.refuses(
                "WEBHOOK_DISPATCH_HEADERS",
                "X-A: " + value + ",X-B: " + value + ",X-C: " + value,
                "dispatch.headers: 8421 bytes (expected: at most 8192 bytes)");
        SettingsAsserts.refuses(
                "WEBHOOK_DISPATCH_HEADERS",
                "X-A: 1, x-a: 2",
                "dispatch.headers: [X-A: [redacted], x-a: [redacted]] (expected: each name once, in whatever case)");
    }

    @Test
    void showsNoValueOfAHeader() {
        DispatchConfig loaded = SettingsAsserts.load(OTHERS).dispatch();

        assertThat(loaded.toString()).contains("X-Key").doesNotContain("k-123");
    }
}
