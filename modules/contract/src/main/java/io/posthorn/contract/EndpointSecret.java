package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A signing key of an endpoint.
 *
 * @param key {@code whsec_} and base64 (HMAC-SHA256, signature v1) or {@code whsk_} and base64 (ed25519, signature v1a)
 * @param expiresAt until when a rotated key still signs; null for a current key
 */
public record EndpointSecret(Secret key, @Nullable Instant expiresAt) {
    /** Whether this key signs at that time. */
    public boolean signsAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
