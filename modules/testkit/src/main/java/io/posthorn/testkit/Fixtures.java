package io.posthorn.testkit;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.EventType;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes valid entities, messages and attempts, new ones at each call, dated by a clock. */
public final class Fixtures {
    /** The node that claims in tests. */
    public static final NodeId NODE = new NodeId("node-1");

    /** A signing key of the kind {@code whsec_}. */
    public static final EndpointSecret SECRET =
            new EndpointSecret(new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), null);

    private final InstantSource clock;

    public Fixtures(InstantSource clock) {
        this.clock = clock;
    }

    /** An application that is not stored yet, without a uid. */
    public Application application() {
        return application(null);
    }

    /** An application that is not stored yet. */
    public Application application(@Nullable String uid) {
        return new Application(
                ApplicationId.at(clock.millis()),
                OrganizationId.DEFAULT,
                uid,
                "An application",
                null,
                Map.of(),
                clock.instant(),
                clock.instant(),
                0);
    }

    /** An event type that is not stored yet. */
    public EventType eventType(String name) {
        return new EventType(
                name,
                OrganizationId.DEFAULT,
                "An event type",
                false,
                false,
                null,
                null,
                clock.instant(),
                clock.instant(),
                0);
    }

    /** An endpoint that is not stored yet and wants everything. */
    public EndpointBuilder endpoint(ApplicationId application) {
        return new EndpointBuilder(EndpointId.at(clock.millis()), application, clock.instant());
    }

    /** A message of type {@code invoice.paid} to be appended. */
    public MessageBuilder message(ApplicationId application) {
        return new MessageBuilder(MessageId.at(clock.millis()), application);
    }

    /** What a dispatcher would record for an attempt with that status; 2xx succeeded. */
    public Attempt attempt(ClaimedDelivery claimed, int statusCode) {
        return new Attempt(
                AttemptId.at(clock.millis()),
                claimed.key(),
                claimed.attempt(),
                claimed.trigger(),
                claimed.endpoint().url(),
                clock.instant(),
                Duration.ofMillis(12),
                statusCode,
                "a response",
                statusCode / 100 == 2);
    }

    /** The key of a request with that {@code Idempotency-Key} and body. */
    public static IdempotencyKey idempotencyKey(String key, String body) {
        return new IdempotencyKey(digest(key), digest(body));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
