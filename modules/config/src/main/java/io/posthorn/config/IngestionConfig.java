package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The API. */
public record IngestionConfig(
        @Setting(env = "WEBHOOK_HTTP_HOST", key = "ingestion.host", doc = "The address that the API listens on.")
        String host,

        @Setting(env = "WEBHOOK_HTTP_PORT", key = "ingestion.port", doc = "The port of the API; 0 picks a free one.")
        int port,

        @Setting(env = "WEBHOOK_HTTP_MAX_BODY_BYTES", key = "ingestion.maxBodyBytes", doc = "The largest request body.")
        int maxBodyBytes,

        @Setting(
                env = "WEBHOOK_MAX_QUEUE_SIZE",
                key = "ingestion.maxPending",
                doc = "How many requests the node holds that are not durable yet; more are answered 503.")
        int maxPending,

        @Setting(
                env = "WEBHOOK_HTTP_REQUEST_TIMEOUT",
                key = "ingestion.requestTimeout",
                doc = "How long a request may take before it is answered 503.")
        Duration requestTimeout,

        @Setting(
                env = "WEBHOOK_HTTP_INSTANCES",
                key = "ingestion.instances",
                doc = "How many event loops serve the API.")
        int instances,

        @Setting(
                env = "WEBHOOK_JWT_SECRET",
                key = "ingestion.jwtSecret",
                doc = "The HS256 secret that signs tokens; at least 32 bytes.")
        @Nullable
        Secret jwtSecret,

        @Setting(
                env = "WEBHOOK_JWT_PUBLIC_KEY",
                key = "ingestion.jwtPublicKey",
                doc = "An ed25519 public key in PEM that verifies EdDSA tokens.")
        @Nullable
        String jwtPublicKey,

        @Setting(
                env = "WEBHOOK_API_RATE_LIMIT",
                key = "ingestion.rateLimit",
                doc =
                        "How many requests each token may make to this node in a window; more are answered 429. Unset: no limit.")
        @Nullable
        Integer rateLimit,

        @Setting(
                env = "WEBHOOK_API_RATE_LIMIT_WINDOW",
                key = "ingestion.rateLimitWindow",
                doc = "The window of that limit, from the first request of a token on; whole seconds.")
        Duration rateLimitWindow) {
    private static final Duration MAX_WINDOW = Duration.ofDays(1);

    public IngestionConfig {
        new Bounds()
                .present("ingestion.host", host)
                .between("ingestion.port", port, 0, 65_535)
                .between("ingestion.maxBodyBytes", maxBodyBytes, 1024, 256 * 1024 * 1024)
                .between("ingestion.maxPending", maxPending, 1, 1_000_000)
                .positive("ingestion.requestTimeout", requestTimeout, Duration.ofMinutes(10))
                .between("ingestion.instances", instances, 1, 256)
                .require(
                        jwtSecret == null || jwtSecret.value().getBytes(StandardCharsets.UTF_8).length >= 32,
                        "ingestion.jwtSecret",
                        "[redacted]",
                        "at least 32 bytes")
                .require(
                        jwtPublicKey == null || jwtPublicKey.strip().startsWith("-----BEGIN PUBLIC KEY-----"),
                        "ingestion.jwtPublicKey",
                        "something else",
                        "PEM that begins with -----BEGIN PUBLIC KEY-----")
                .between("ingestion.rateLimit", rateLimit, 1, 1_000_000_000)
                .positive("ingestion.rateLimitWindow", rateLimitWindow, MAX_WINDOW)
                .require(
                        rateLimitWindow.toMillis() % 1000 == 0,
                        "ingestion.rateLimitWindow",
                        rateLimitWindow.toMillis() + "ms",
                        "whole seconds")
                .check();
    }

    /** The settings of a node that was told nothing. */
    public static IngestionConfig defaults() {
        return new IngestionConfig(
                "127.0.0.1",
                8071,
                2 * 1024 * 1024,
                10_000,
                Duration.ofSeconds(10),
                2,
                null,
                null,
                null,
                Duration.ofSeconds(60));
    }

    /** The same with this secret for tokens. */
    public IngestionConfig withJwtSecret(Secret secret) {
        return new IngestionConfig(
                host,
                port,
                maxBodyBytes,
                maxPending,
                requestTimeout,
                instances,
                secret,
                jwtPublicKey,
                rateLimit,
                rateLimitWindow);
    }
}
