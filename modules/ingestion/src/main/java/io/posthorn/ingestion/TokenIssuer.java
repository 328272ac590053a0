package io.posthorn.ingestion;

import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;

/** Makes the HS256 tokens that the API accepts. A secret of less than 32 bytes is an {@link IllegalArgumentException}. */
public final class TokenIssuer {
    static final String ORGANIZATION_CLAIM = "org";
    static final String FEATURE_FLAGS_CLAIM = "feature_flags";
    static final int MIN_SECRET_BYTES = 32;
    private static final String ISSUER = "posthorn";

    private TokenIssuer() {}

    /** A token that may do everything with the data of one organisation. */
    public static String organizationToken(Secret secret, OrganizationId organization, Duration validity, Instant now) {
        return signed(secret, organization.value(), validity, now, Jwts.builder());
    }

    /** A token that may read one application and change its endpoints. */
    public static String applicationToken(
            Secret secret,
            OrganizationId organization,
            ApplicationId application,
            Set<String> featureFlags,
            Duration validity,
            Instant now) {
        JwtBuilder builder = Jwts.builder().claim(ORGANIZATION_CLAIM, organization.value());
        if (!featureFlags.isEmpty()) {
            builder.claim(FEATURE_FLAGS_CLAIM, new TreeSet<>(featureFlags));
        }
        return signed(secret, application.value(), validity, now, builder);
    }

    private static String signed(Secret secret, String subject, Duration validity, Instant now, JwtBuilder builder) {
        byte[] key = secret.value().getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException("a token secret has at least " + MIN_SECRET_BYTES + " bytes");
        }
        return builder.issuer(ISSUER)
                .subject(subject)
                .issuedAt(Date.from(now))
                .notBefore(Date.from(now))
                .expiration(Date.from(now.plus(validity)))
                .signWith(Keys.hmacShaKeyFor(key), Jwts.SIG.HS256)
                .compact();
    }
}
