package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** {@code .../secret} and {@code .../secret/rotate}: the signing keys of an endpoint. */
final class EndpointKeyRoutes {
    private static final int DEFAULT_GRACE_SECONDS = (int) Duration.ofDays(1).toSeconds();
    private static final int MAX_GRACE_SECONDS = (int) Duration.ofDays(7).toSeconds();

    private final Catalogue catalogue;
    private final InstantSource clock;

    EndpointKeyRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, EndpointRoutes.ONE + "/secret", Access.APPLICATION, this::get)
                .add(HttpMethod.POST, EndpointRoutes.ONE + "/secret/rotate", Access.APPLICATION, this::rotate);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue
                .endpoint(exchange)
                .map(endpoint -> Reply.of(200, new JsonObject().put("key", SigningKeys.shown(currentKey(endpoint)))));
    }

    private static Secret currentKey(Endpoint endpoint) {
        return endpoint.secrets().stream()
                .filter(secret -> secret.expiresAt() == null)
                .map(EndpointSecret::key)
                .findFirst()
                .orElseThrow(() -> new PosthornException(ErrorCode.NOT_FOUND, "the endpoint has no signing key"));
    }

    private Future<Reply> rotate(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        String given = fields.text("key");
        if (given != null && !SigningKeys.isValid(given)) {
            fields.invalid("key", "expected whsec_ and 24 to 75 bytes, or whsk_ and 64 bytes, in base64");
        }
        Integer grace = fields.integer("gracePeriodSeconds", 0, MAX_GRACE_SECONDS);
        fields.end();
        Secret key = given == null ? SigningKeys.generate() : new Secret(given);
        Duration period = Duration.ofSeconds(grace == null ? DEFAULT_GRACE_SECONDS : grace);
        return catalogue
                .change(
                        () -> catalogue.endpoint(exchange),
                        old -> rotated(old, key, period, clock.instant()),
                        Endpoint.class,
                        exchange.deadline())
                .map(stored -> Reply.noContent());
    }

    private static Endpoint rotated(Endpoint old, Secret key, Duration grace, Instant now) {
        return old.withSecrets(SigningKeys.rotated(old.secrets(), key, grace, now), now);
    }
}
