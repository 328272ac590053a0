package io.posthorn.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where attempts may go. */
public record EgressConfig(
        @Setting(
                env = "WEBHOOK_EGRESS_ALLOW",
                key = "egress.allow",
                doc = "Private networks that may be dialled all the same, as CIDRs, comma-separated.")
        List<String> allow,

        @Setting(
                env = "WEBHOOK_EGRESS_DENY",
                key = "egress.deny",
                doc = "Further networks that are never dialled, as CIDRs, comma-separated.")
        List<String> deny,

        @Setting(
                env = "WEBHOOK_EGRESS_DNS_SERVER",
                key = "egress.dnsServer",
                doc = "The name server as host:port; unset: the system's.")
        @Nullable
        String dnsServer,

        @Setting(env = "WEBHOOK_EGRESS_DNS_TIMEOUT", key = "egress.dnsTimeout", doc = "The time of one look-up.")
        Duration dnsTimeout,

        @Setting(
                env = "WEBHOOK_EGRESS_DNS_CACHE_TIME",
                key = "egress.dnsCacheTime",
                doc = "How long the addresses of a name are used before they are looked up anew.")
        Duration dnsCacheTime,

        @Setting(
                env = "WEBHOOK_EGRESS_DNS_NEGATIVE_CACHE_TIME",
                key = "egress.dnsNegativeCacheTime",
                doc = "How long a name that has no address, or whose look-up failed, is not looked up again.")
        Duration dnsNegativeCacheTime,

        @Setting(
                env = "WEBHOOK_EGRESS_PROXY",
                key = "egress.proxy",
                doc =
                        "The proxy through which every attempt goes, by CONNECT: http://[user:password@]host:port; unset: none. The"
                                + " addresses of receivers are looked up and checked here all the same.")
        @Nullable
        ProxyUrl proxy,

        @Setting(
                env = "WEBHOOK_EGRESS_HTTP2",
                key = "egress.http2",
                doc = "Whether HTTP/2 is spoken where the receiver offers it over TLS.")
        boolean http2,

        @Setting(
                env = "WEBHOOK_EGRESS_CONNECTION_MAX_AGE",
                key = "egress.connectionMaxAge",
                doc = "How long a connection is reused, so that a changed rule takes effect.")
        Duration connectionMaxAge) {
    private static final Duration LONGEST_CACHED = Duration.ofMinutes(5);

    public EgressConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        new Bounds()
                .size("egress.allow", allow, 1000)
                .size("egress.deny", deny, 1000)
                .positive("egress.dnsTimeout", dnsTimeout, Duration.ofMinutes(1))
                .positive("egress.dnsCacheTime", dnsCacheTime, LONGEST_CACHED)
                .positive("egress.dnsNegativeCacheTime", dnsNegativeCacheTime, LONGEST_CACHED)
                .positive("egress.connectionMaxAge", connectionMaxAge, Duration.ofHours(1))
                .require(
                        dnsServer == null || HostPort.isValid(dnsServer),
                        "egress.dnsServer",
                        String.valueOf(dnsServer),
                        "host:port")
                .each("egress.allow", allow, Cidr::isValid, text -> text, Cidr.EXPECTED)
                .each("egress.deny", deny, Cidr::isValid, text -> text, Cidr.EXPECTED)
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static EgressConfig defaults() {
        return new EgressConfig(
                List.of(),
                List.of(),
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                null,
                false,
                Duration.ofSeconds(60));
    }

    /** The same with other private networks that may be dialled. */
    public EgressConfig withAllow(List<String> networks) {
        return new EgressConfig(
                networks,
                deny,
                dnsServer,
                dnsTimeout,
                dnsCacheTime,
                dnsNegativeCacheTime,
                proxy,
                http2,
                connectionMaxAge);
    }
}
