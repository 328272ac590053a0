package io.posthorn.app.demo;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks a webhook as its receiver should: Standard Webhooks 1.0, symmetric signatures ({@code v1}, HMAC-SHA256 over
 * {@code id.timestamp.body}), with five minutes of tolerance for the clocks.
 */
public final class SignatureCheck {
    private static final String PREFIX = "whsec_";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final byte[] key;
    private final InstantSource clock;

    /**
     * Takes the endpoint's secret.
     *
     * @throws IllegalArgumentException if it is not {@code whsec_} and base64
     */
    public SignatureCheck(String secret, InstantSource clock) {
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a signing secret begins with " + PREFIX);
        }
        this.key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
        if (key.length == 0) {
            throw new IllegalArgumentException("a signing secret is not empty");
        }
        this.clock = clock;
    }

    /** Looks at a request; null if its signature verifies, else why not. */
    public @Nullable String problemOf(MultiMap headers, Buffer body) {
        String id = headers.get("webhook-id");
        String timestamp = headers.get("webhook-timestamp");
        String signatures = headers.get("webhook-signature");
        if (id == null || timestamp == null || signatures == null) {
            return "no signature";
        }
        if (!timestamp.matches("\\d{1,12}")) {
            return "the timestamp is no number";
        }
        long apart = Math.abs(clock.instant().getEpochSecond() - Long.parseLong(timestamp));
        if (apart > TOLERANCE.toSeconds()) {
            return "the timestamp is " + apart + " s away";
        }
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(hmac(id + "." + timestamp + ".", body)))
                .getBytes(StandardCharsets.US_ASCII);
        for (String signature : signatures.split(" ")) {
            if (MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) {
                return null;
            }
        }
        return "the signature is wrong";
    }

    private byte[] hmac(String head, Buffer body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body.getBytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }
}
