package io.posthorn.app.cluster;

import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other of the secret that signs their tokens: a keyed hash (HMAC-SHA256) of a fixed text and of the
 * public key, shortened. It is the same exactly where secret and key are, and finding the secret by it is as hard as by a
 * token.
 */
public final class TokenTag {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String TEXT = "posthorn cluster, accepted tokens\n";
    private static final int BYTES = 8;

    private TokenTag() {}

    public static String of(Secret secret, @Nullable String publicKey) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            byte[] tag = mac.doFinal((TEXT + (publicKey == null ? "" : publicKey)).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(tag, 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
