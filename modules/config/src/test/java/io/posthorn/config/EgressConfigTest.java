package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_EGRESS_ALLOW", "127.0.0.1/32,fd00::/8"),
            entry("WEBHOOK_EGRESS_DENY", "203.0.113.0/24"),
            entry("WEBHOOK_EGRESS_DNS_SERVER", "192.0.2.53:53"),
            entry("WEBHOOK_EGRESS_DNS_TIMEOUT", "1"),
            entry("WEBHOOK_EGRESS_CONNECTION_MAX_AGE", "10"));

    @Test
    void hasDefaults() {
        assertThat(EgressConfig.defaults())
                .isEqualTo(new EgressConfig(List.of(), List.of(), null, Duration.ofSeconds(5), Duration.ofSeconds(60)));
        assertThat(SettingsAsserts.load(Map.of()).egress()).isEqualTo(EgressConfig.defaults());
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        EgressConfig loaded = SettingsAsserts.load(OTHERS).egress();

        // Then
        assertThat(loaded)
                .isEqualTo(new EgressConfig(
                        List.of("127.0.0.1/32", "fd00::/8"),
                        List.of("203.0.113.0/24"),
                        "192.0.2.53:53",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10)));
        SettingsAsserts.coversEveryKey(EgressConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_EGRESS_ALLOW | 10.0.0.0 | egress.allow: 10.0.0.0 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | 10.1.2.3/8 | egress.allow: 10.1.2.3/8 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | 10.0.0.0/33 | egress.allow: 10.0.0.0/33 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | 0x0a.0.0.0/8 | egress.allow: 0x0a.0.0.0/8 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | 010.0.0.0/8 | egress.allow: 010.0.0.0/8 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | 10.0/16 | egress.allow: 10.0/16 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | example.com/8 | egress.allow: example.com/8 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | fd00::1/8 | egress.allow: fd00::1/8 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_ALLOW | */0 | egress.allow: */0 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_DENY | ::/129 | egress.deny: ::/129 (expected: a CIDR such as 10.0.0.0/8 or fd00::/8, with no bit set behind the prefix)",
                "WEBHOOK_EGRESS_DNS_SERVER | 192.0.2.53 | egress.dnsServer: 192.0.2.53 (expected: host:port)",
                "WEBHOOK_EGRESS_DNS_SERVER | 192.0.2.53:0 | egress.dnsServer: 192.0.2.53:0 (expected: host:port)",
                "WEBHOOK_EGRESS_DNS_TIMEOUT | 0 | egress.dnsTimeout: 0s (expected: > 0s)",
                "WEBHOOK_EGRESS_CONNECTION_MAX_AGE | 2h | egress.connectionMaxAge: 2h (expected: at most 1h)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }
}
