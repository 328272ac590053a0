package io.posthorn.ingestion;

import io.posthorn.contract.Secret;
import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads and writes how connections to an endpoint are secured. A private key is read and never written. */
final class EndpointTlsJson {
    /** The most authorities. */
    static final int MOST_AUTHORITIES = 32;

    /** The longest chain. */
    static final int LONGEST_CHAIN = 10;

    private EndpointTlsJson() {}

    /** What a body asks for, or null when it asks for nothing. */
    static @Nullable TlsOptions read(Fields fields, Instant now) {
        @Nullable TlsVersion version = version(fields);
        @Nullable
        List<X509Certificate> authorities = certificates(fields, "ca", TlsOptions.MAX_CA_LENGTH, MOST_AUTHORITIES);
        @Nullable
        List<X509Certificate> chain = certificates(fields, "certificate", TlsOptions.MAX_CHAIN_LENGTH, LONGEST_CHAIN);
        @Nullable PrivateKey key = key(fields);
        checkTogether(fields, chain, key, now);
        fields.end();
        TlsOptions.@Nullable Identity identity = chain == null || key == null
                ? null
                : new TlsOptions.Identity(Pem.write(chain), new Secret(Pem.write(key)));
        if (version == null && authorities == null && identity == null) {
            return null;
        }
        return new TlsOptions(version, authorities == null ? null : Pem.write(authorities), identity);
    }

    private static @Nullable TlsVersion version(Fields fields) {
        @Nullable String wanted = fields.text("minVersion");
        if (wanted == null) {
            return null;
        }
        for (TlsVersion version : TlsVersion.values()) {
            if (version.number().equals(wanted)) {
                return version;
            }
        }
        fields.invalid("minVersion", "expected 1.2 or 1.3");
        return null;
    }

    private static @Nullable List<X509Certificate> certificates(Fields fields, String name, int longest, int most) {
        @Nullable String text = shortText(fields, name, longest);
        return text == null ? null : orInvalid(fields, name, () -> Pem.certificates(text, most));
    }

    private static @Nullable PrivateKey key(Fields fields) {
        @Nullable String text = shortText(fields, "key", TlsOptions.MAX_KEY_LENGTH);
        return text == null ? null : orInvalid(fields, "key", () -> Pem.key(text));
    }

    private static @Nullable String shortText(Fields fields, String name, int longest) {
        @Nullable String text = fields.text(name);
        if (text != null && text.length() > longest) {
            fields.invalid(name, "expected at most " + longest + " characters");
            return null;
        }
        return text;
    }

    private static <T> @Nullable T orInvalid(Fields fields, String name, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException wrong) {
            fields.invalid(name, String.valueOf(wrong.getMessage()));
            return null;
        }
    }

    private static void checkTogether(
            Fields fields, @Nullable List<X509Certificate> chain, @Nullable PrivateKey key, Instant now) {
        if (fields.text("certificate") == null && fields.text("key") != null) {
            fields.invalid("certificate", "expected the certificate of the key");
        } else if (fields.text("key") == null && fields.text("certificate") != null) {
            fields.invalid("key", "expected the private key of the certificate");
        }
        if (chain == null) {
            return;
        }
        X509Certificate ours = chain.get(0);
        if (ours.getNotAfter().toInstant().isBefore(now)) {
            fields.invalid("certificate", "expected one that is valid; it ended at " + ended(ours));
        }
        if (key != null && !Pem.belongTogether(ours, key)) {
            fields.invalid("key", "expected the private key of the first certificate");
        }
    }

    /** What is in force: as usual where the endpoint has no wishes of its own. */
    static JsonObject write(@Nullable TlsOptions own) {
        @Nullable TlsVersion version = own == null ? null : own.minVersion();
        TlsOptions.@Nullable Identity identity = own == null ? null : own.identity();
        return new JsonObject()
                .put("minVersion", (version == null ? TlsVersion.TLS_1_2 : version).number())
                .put("ca", shown(own == null ? null : own.caCertificates(), MOST_AUTHORITIES))
                .put("certificate", shown(identity == null ? null : identity.certificates(), LONGEST_CHAIN));
    }

    private static JsonArray shown(@Nullable String certificates, int most) {
        JsonArray all = new JsonArray();
        if (certificates != null) {
            Pem.certificates(certificates, most).forEach(one -> all.add(shown(one)));
        }
        return all;
    }

    private static JsonObject shown(X509Certificate certificate) {
        return new JsonObject()
                .put("subject", certificate.getSubjectX500Principal().getName())
                .put("issuer", certificate.getIssuerX500Principal().getName())
                .put("notBefore", certificate.getNotBefore().toInstant().toString())
                .put("notAfter", ended(certificate))
                .put("sha256", fingerprint(certificate));
    }

    private static String ended(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().toString();
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read cannot be digested", e);
        }
    }
}
