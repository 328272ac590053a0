package io.posthorn.ingestion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Header;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.UnsupportedJwtException;
import io.jsonwebtoken.security.Keys;
import io.posthorn.config.IngestionConfig;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Turns a bearer token into a {@link Caller}. HS256 tokens are checked with the secret and EdDSA tokens with the public
 * key, each only when it is configured; any other algorithm is refused. Verified tokens are remembered, at most
 * {@value #MAX_REMEMBERED}, and never beyond their expiry. Safe for use by several threads.
 */
final class Authentication {
    private static final String SCHEME = "bearer ";
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_TOKEN_CHARACTERS = 8192;

    private final @Nullable SecretKey secretKey;
    private final @Nullable PublicKey publicKey;
    private final @Nullable Secret secret;
    private final InstantSource clock;
    private final JwtParser parser;
    private final Cache<String, Verified> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .executor(Runnable::run)
            .build();

    private record Verified(Caller caller, @Nullable Instant expiresAt) {}

    Authentication(IngestionConfig config, InstantSource clock) {
        this.secret = config.jwtSecret();
        this.secretKey = secret == null ? null : hmacKey(secret);
        this.publicKey = config.jwtPublicKey() == null ? null : ed25519Key(config.jwtPublicKey());
        this.clock = clock;
        this.parser = Jwts.parser()
                .sig()
                .clear()
                .add(Jwts.SIG.HS256)
                .add(Jwts.SIG.EdDSA)
                .and()
                .keyLocator(this::keyFor)
                .clock(() -> Date.from(clock.instant()))
                .build();
    }

    /**
     * The caller behind an {@code Authorization} header.
     *
     * @throws PosthornException AUTHENTICATION_FAILED, or BAD_TOKEN where a claim of a good token is not an identifier
     */
    Caller authenticate(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > MAX_TOKEN_CHARACTERS
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refused("Invalid token");
        }
        String token = tokenIn(authorization);
        Verified known = remembered.getIfPresent(token);
        if (known != null) {
            if (known.expiresAt() == null || clock.instant().isBefore(known.expiresAt())) {
                return known.caller();
            }
            remembered.invalidate(token);
        }
        Verified verified = verify(token);
        remembered.put(token, verified);
        return verified.caller();
    }

    /** The token of a header that has one. */
    static String tokenIn(String authorization) {
        return authorization.substring(SCHEME.length()).trim();
    }

    private Verified verify(String token) {
        if (secret != null
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), secret.value().getBytes(StandardCharsets.UTF_8))) {
            throw refused("Invalid token: this is the secret that signs tokens, not a token. Keep it to the server");
        }
        Claims claims;
        try {
            claims = parser.parseSignedClaims(token).getPayload();
        } catch (JwtException | IllegalArgumentException e) {
            throw new PosthornException(ErrorCode.AUTHENTICATION_FAILED, "Invalid token", e);
        }
        Date expiry = claims.getExpiration();
        return new Verified(callerOf(claims), expiry == null ? null : expiry.toInstant());
    }

    private static Caller callerOf(Claims claims) {
        String subject = claims.getSubject();
        if (subject == null) {
            throw refused("Invalid token");
        }
        if (OrganizationId.isValid(subject)) {
            if (claims.get(TokenIssuer.ORGANIZATION_CLAIM) != null) {
                throw new PosthornException(ErrorCode.BAD_TOKEN, "bad token");
            }
            return new Caller(new OrganizationId(subject), null, Set.of());
        }
        Object organization = claims.get(TokenIssuer.ORGANIZATION_CLAIM);
        if (!ApplicationId.isValid(subject) || !(organization instanceof String org) || !OrganizationId.isValid(org)) {
            throw new PosthornException(ErrorCode.BAD_TOKEN, "bad token");
        }
        return new Caller(new OrganizationId(org), new ApplicationId(subject), flagsOf(claims));
    }

    private static Set<String> flagsOf(Claims claims) {
        Set<String> flags = new LinkedHashSet<>();
        if (claims.get(TokenIssuer.FEATURE_FLAGS_CLAIM) instanceof Collection<?> list) {
            for (Object flag : list) {
                if (flag instanceof String text) {
                    flags.add(text);
                }
            }
        }
        return flags;
    }

    private Key keyFor(Header header) {
        Key key = null;
        if ("HS256".equals(header.getAlgorithm())) {
            key = secretKey;
        } else if ("EdDSA".equals(header.getAlgorithm())) {
            key = publicKey;
        }
        if (key == null) {
            throw new UnsupportedJwtException("an algorithm that is not configured");
        }
        return key;
    }

    private static PosthornException refused(String text) {
        return new PosthornException(ErrorCode.AUTHENTICATION_FAILED, text);
    }

    private static SecretKey hmacKey(Secret secret) {
        byte[] bytes = secret.value().getBytes(StandardCharsets.UTF_8);
        if (bytes.length < TokenIssuer.MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "ingestion.jwtSecret has at least " + TokenIssuer.MIN_SECRET_BYTES + " bytes");
        }
        return Keys.hmacShaKeyFor(bytes);
    }

    private static PublicKey ed25519Key(String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("ingestion.jwtPublicKey is not an ed25519 public key in PEM", e);
        }
    }
}
