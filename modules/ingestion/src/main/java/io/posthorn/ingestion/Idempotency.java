package io.posthorn.ingestion;

import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.Problem;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the digests that tell a repeated request; the key header is described in draft-ietf-httpapi-idempotency-key-header. */
final class Idempotency {
    static final String HEADER = "idempotency-key";
    private static final int MAX_CHARACTERS = 256;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Idempotency() {}

    /**
     * The digests of a request.
     *
     * @param header the key as it was sent, with or without quotes, or null
     * @return null when there is no key
     */
    static @Nullable IdempotencyKey of(@Nullable String header, String subject, String path, Buffer body) {
        if (header == null) {
            return null;
        }
        String key = unquoted(header.trim());
        if (key.isEmpty() || key.length() > MAX_CHARACTERS) {
            throw new InvalidRequest(
                    Problem.value("expected 1 to " + MAX_CHARACTERS + " characters", "header", HEADER));
        }
        MessageDigest sha = sha256();
        sha.update(subject.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(key.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
        sha.update(path.getBytes(StandardCharsets.UTF_8));
        String digest = BASE64.encodeToString(sha.digest());
        return new IdempotencyKey(digest, BASE64.encodeToString(sha.digest(body.getBytes())));
    }

    private static String unquoted(String header) {
        boolean quoted = header.length() >= 2 && header.startsWith("\"") && header.endsWith("\"");
        return quoted ? header.substring(1, header.length() - 1) : header;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
