package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
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
            entry("WEBHOOK_EGRESS_DNS_CACHE_TIME", "20"),
            entry("WEBHOOK_EGRESS_DNS_NEGATIVE_CACHE_TIME", "2"),
            entry("WEBHOOK_EGRESS_PROXY", "http://squid:p%40ss+1@proxy.internal:3128"),
            entry("WEBHOOK_EGRESS_HTTP2", "true"),
            entry("WEBHOOK_EGRESS_CONNECTION_MAX_AGE", "10"));

    @Test
    void hasDefaults() {
        assertThat(EgressConfig.defaults())
                .isEqualTo(new EgressConfig(
                        List.of(),
                        List.of(),
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        null,
                        false,
                        Duration.ofSeconds(60)));
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
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(2),
                        new ProxyUrl("proxy.internal", 3128, "squid", new Secret("p@ss+1")),
                        true,
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
                "WEBHOOK_EGRESS_DNS_CACHE_TIME | 0 | egress.dnsCacheTime: 0s (expected: > 0s)",
                "WEBHOOK_EGRESS_DNS_CACHE_TIME | 6m | egress.dnsCacheTime: 6m (expected: at most 5m)",
                "WEBHOOK_EGRESS_DNS_NEGATIVE_CACHE_TIME | 6m | egress.dnsNegativeCacheTime: 6m (expected: at most 5m)",
                "WEBHOOK_EGRESS_HTTP2 | maybe | egress.http2: maybe (expected: true or false)",
                "WEBHOOK_EGRESS_PROXY | http://proxy.internal | egress.proxy: http://proxy.internal (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | https://proxy.internal:3128 | egress.proxy: https://proxy.internal:3128 (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | socks5://proxy.internal:1080 | egress.proxy: socks5://proxy.internal:1080 (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | http://proxy.internal:0 | egress.proxy: http://proxy.internal:0 (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | http://proxy.internal:3128/path | egress.proxy: http://proxy.internal:3128/path (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | http://user@proxy.internal:3128 | egress.proxy: http://[redacted]@proxy.internal:3128 (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_PROXY | http://user:hidden#word@proxy.internal:3128 | egress.proxy: http://[redacted]@proxy.internal:3128 (expected: http://[user:password@]host:port, where : / ? # [ ] @ % in a password are percent-encoded)",
                "WEBHOOK_EGRESS_CONNECTION_MAX_AGE | 2h | egress.connectionMaxAge: 2h (expected: at most 1h)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }

    @Test
    void theProxysPasswordIsNeverShown() {
        ProxyUrl proxy = ProxyUrl.parse("http://squid:hidden@[fd00::1]:3128");

        assertThat(proxy.host()).isEqualTo("fd00::1");
        assertThat(proxy.toString()).isEqualTo("http://[redacted]@[fd00::1]:3128");
        assertThat(ProxyUrl.parse("http://10.0.0.1:80/").toString()).isEqualTo("http://10.0.0.1:80");
    }
}
