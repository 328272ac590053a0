package io.posthorn.ingestion;

import io.posthorn.contract.EndpointSecret;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Secret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Makes, checks, shows and rotates the signing keys of endpoints. */
final class SigningKeys {
    static final String SYMMETRIC = "whsec_";
    static final String PRIVATE = "whsk_";
    static final String PUBLIC = "whpk_";
    static final int MAX_ROTATED = 10;
    private static final int GENERATED_BYTES = 24;
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 75;
    private static final int SEED_BYTES = 32;
    private static final int KEY_PAIR_BYTES = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SigningKeys() {}

    /** A new symmetric key. */
    static Secret generate() {
        byte[] bytes = new byte[GENERATED_BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(SYMMETRIC + Base64.getEncoder().encodeToString(bytes));
    }

    /** Whether the text is {@code whsec_} and 24 to 75 bytes, or {@code whsk_} and 64 bytes, in base64. */
    static boolean isValid(String key) {
        try {
            if (key.startsWith(SYMMETRIC)) {
                int length = Base64.getDecoder().decode(key.substring(SYMMETRIC.length())).length;
                return length >= MIN_BYTES && length <= MAX_BYTES;
            }
            return key.startsWith(PRIVATE)
                    && Base64.getDecoder().decode(key.substring(PRIVATE.length())).length == KEY_PAIR_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What its owner may see of a key: a symmetric key as it is, of a key pair the public half. */
    static String shown(Secret key) {
        if (!key.value().startsWith(PRIVATE)) {
            return key.value();
        }
        byte[] pair = Base64.getDecoder().decode(key.value().substring(PRIVATE.length()));
        byte[] half = Arrays.copyOfRange(pair, SEED_BYTES, KEY_PAIR_BYTES);
        return PUBLIC + Base64.getEncoder().encodeToString(half);
    }

    /**
     * The keys after a rotation: the new one, then those that sign on until their time.
     *
     * @throws PosthornException LIMIT_REACHED where more than {@value #MAX_ROTATED} old ones would sign
     */
    static List<EndpointSecret> rotated(List<EndpointSecret> old, Secret key, Duration grace, Instant now) {
        List<EndpointSecret> keys = new ArrayList<>();
        keys.add(new EndpointSecret(key, null));
        for (EndpointSecret secret : old) {
            EndpointSecret aged =
                    secret.expiresAt() == null ? new EndpointSecret(secret.key(), now.plus(grace)) : secret;
            if (aged.signsAt(now)) {
                keys.add(aged);
            }
        }
        if (keys.size() > MAX_ROTATED + 1) {
            throw new PosthornException(
                    ErrorCode.LIMIT_REACHED, "at most " + MAX_ROTATED + " rotated keys may still be signing");
        }
        return keys;
    }
}
