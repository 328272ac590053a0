package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * How connections to one endpoint are secured where that differs from the usual: TLS 1.2 or newer, the receiver's
 * certificate signed by an authority that Java trusts, no certificate of our own.
 *
 * @param minVersion the least version; null for the usual one
 * @param caCertificates the only authorities that are trusted, in PEM, at most {@value #MAX_CA_LENGTH} characters; null for the usual ones
 * @param identity who we say that we are; null for nobody
 */
public record TlsOptions(
        @Nullable TlsVersion minVersion,
        @Nullable String caCertificates,
        @Nullable Identity identity) {
    /** The longest text of authorities. */
    public static final int MAX_CA_LENGTH = 49_152;

    /** The longest text of a certificate chain. */
    public static final int MAX_CHAIN_LENGTH = 32_768;

    /** The longest text of a private key. */
    public static final int MAX_KEY_LENGTH = 16_384;

    /**
     * A certificate of ours and its key, for receivers that ask for one.
     *
     * @param certificates in PEM, our own first, then those that lead to its authority
     * @param key in PEM, PKCS#8
     */
    public record Identity(String certificates, Secret key) {
        public Identity {
            requireAtMost("identity.certificates", certificates, MAX_CHAIN_LENGTH);
            requireAtMost("identity.key", key.value(), MAX_KEY_LENGTH);
        }

        @Override
        public String toString() {
            return "Identity[" + certificates.length() + " characters, key=" + key + "]";
        }
    }

    public TlsOptions {
        if (caCertificates != null) {
            requireAtMost("caCertificates", caCertificates, MAX_CA_LENGTH);
        }
    }

    private static void requireAtMost(String what, String text, int most) {
        if (text.length() > most) {
            throw new IllegalArgumentException(what + " must have at most " + most + " characters: " + text.length());
        }
    }

    /** Without the certificates, which are long. */
    @Override
    public String toString() {
        String authorities = caCertificates == null ? "usual" : caCertificates.length() + " characters";
        return "TlsOptions[minVersion=" + minVersion + ", caCertificates=" + authorities + ", identity=" + identity
                + "]";
    }
}
