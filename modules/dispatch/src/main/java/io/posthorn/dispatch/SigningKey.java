package io.posthorn.dispatch;

import io.posthorn.contract.EndpointSecret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key that is ready to sign. Not thread-safe: one for each event loop. */
sealed interface SigningKey {
    /** The token of the {@code webhook-signature} header over these bytes, the payload being the first of an array. */
    String sign(byte[] prefix, byte[] payload, int payloadLength);

    /** Prepares a stored secret; fails with an {@link IllegalArgumentException} that does not show it. */
    static SigningKey of(EndpointSecret secret) {
        String text = secret.key().value();
        try {
            if (text.startsWith("whsec_")) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(text.substring(6)), "HmacSHA256"));
                return new Symmetric(mac);
            }
            if (text.startsWith("whsk_")) {
                byte[] seedAndPublic = Base64.getDecoder().decode(text.substring(5));
                if (seedAndPublic.length == 64) {
                    return new Asymmetric(KeyFactory.getInstance("Ed25519")
                            .generatePrivate(new EdECPrivateKeySpec(
                                    NamedParameterSpec.ED25519, Arrays.copyOf(seedAndPublic, 32))));
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException("a signing key cannot be used", unusable);
        }
        throw new IllegalArgumentException("a signing key is whsec_ or whsk_ and base64");
    }

    /** HMAC-SHA256. */
    record Symmetric(Mac mac) implements SigningKey {
        @Override
        public String sign(byte[] prefix, byte[] payload, int payloadLength) {
            mac.update(prefix);
            mac.update(payload, 0, payloadLength);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
        }
    }

    /** Ed25519. */
    record Asymmetric(PrivateKey key) implements SigningKey {
        @Override
        public String sign(byte[] prefix, byte[] payload, int payloadLength) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(prefix);
                signature.update(payload, 0, payloadLength);
                return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("ed25519 does not work on this platform", e);
            }
        }
    }
}
