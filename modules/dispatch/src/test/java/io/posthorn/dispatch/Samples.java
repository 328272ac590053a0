package io.posthorn.dispatch;

import io.posthorn.config.CircuitConfig;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.EgressConfig;
import io.posthorn.config.ProxyUrl;
import io.posthorn.config.RateLimitConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Secret;
import io.posthorn.contract.Sending;
import io.posthorn.contract.Trigger;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Endpoints and deliveries for tests. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final ApplicationId APP = ApplicationId.at(NOW.toEpochMilli());
    static final String HMAC_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private Samples() {}

    static DispatchConfig config(Duration timeout, Duration drain, String operationalApplication) {
        return new DispatchConfig(
                64,
                16,
                8,
                1,
                timeout,
                Duration.ofSeconds(5),
                1024,
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                Duration.ofDays(5),
                drain,
                operationalApplication,
                List.of());
    }

    static EgressConfig egress(List<String> allow, String dnsServer) {
        return egress(allow, dnsServer, null, false, Duration.ofSeconds(60));
    }

    static EgressConfig egress(List<String> allow, String dnsServer, ProxyUrl proxy, boolean http2, Duration maxAge) {
        Duration cached = Duration.ofSeconds(5);
        return new EgressConfig(
                allow, List.of(), dnsServer, Duration.ofSeconds(2), cached, cached, proxy, http2, maxAge);
    }

    static RetryConfig retries(Duration... pauses) {
        return new RetryConfig(List.of(pauses), null, null, 0, null, List.of());
    }

    static DispatchSettings settings(DispatchConfig dispatch, RetryConfig retry, EgressConfig egress) {
        return new DispatchSettings(
                dispatch, retry, egress, RateLimitConfig.defaults(), CircuitConfig.defaults(), Duration.ofDays(1));
    }

    static Endpoint endpoint(String url, Integer throttle, RetryPolicy policy, Instant failingSince, String... keys) {
        return new Endpoint(
                EndpointId.at(NOW.toEpochMilli()),
                APP,
                null,
                url,
                "",
                throttle,
                false,
                null,
                null,
                Map.of(),
                Map.of("X-Own", "yes", "Webhook-Id", "forged", "Host", "forged.example.com"),
                List.of(keys).stream()
                        .map(key -> new EndpointSecret(new Secret(key), null))
                        .toList(),
                Sending.AS_CONFIGURED.withRetryPolicy(policy),
                failingSince,
                NOW,
                NOW,
                1);
    }

    static Endpoint endpoint(String url) {
        return endpoint(url, null, null, null, HMAC_KEY);
    }

    static ClaimedDelivery delivery(Endpoint endpoint, int attempt, Trigger trigger, Instant leaseUntil) {
        MessageId id = MessageId.at(NOW.toEpochMilli());
        Message message = new Message(
                id, APP, "invoice.paid", null, Set.of(), NOW, NOW.plusSeconds(900), Buffer.buffer("{\"a\":1}"));
        return new ClaimedDelivery(
                new DeliveryKey(APP, endpoint.id(), id), 7, leaseUntil, attempt, trigger, message, endpoint);
    }

    static ClaimedDelivery delivery(Endpoint endpoint) {
        return delivery(endpoint, 1, Trigger.SCHEDULED, Instant.now().plusSeconds(30));
    }
}
