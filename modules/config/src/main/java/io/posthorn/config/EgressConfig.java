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
                env = "WEBHOOK_EGRESS_CONNECTION_MAX_AGE",
                key = "egress.connectionMaxAge",
                doc = "How long a connection is reused, so that a changed rule takes effect.")
        Duration connectionMaxAge) {
    public EgressConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        new Bounds()
                .size("egress.allow", allow, 1000)
                .size("egress.deny", deny, 1000)
                .positive("egress.dnsTimeout", dnsTimeout, Duration.ofMinutes(1))
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
        return new EgressConfig(List.of(), List.of(), null, Duration.ofSeconds(5), Duration.ofSeconds(60));
    }
}
