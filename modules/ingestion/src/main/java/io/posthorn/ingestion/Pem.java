package io.posthorn.ingestion;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and private keys as text (RFC 7468). Text around the blocks is passed over, as openssl writes it. Messages of
 * failures say what was expected, and hold nothing of a key.
 */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 8192;

    private Pem() {}

    private record Block(String label, String base64) {
        byte[] content() {
            try {
                return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
            } catch (IllegalArgumentException unused) {
                // Not as cause: it may tell a character of a key.
                throw new IllegalArgumentException("a block of PEM is not base64");
            }
        }
    }

    /**
     * Reads one certificate or more.
     *
     * @throws IllegalArgumentException when there is none, more than that many, or something that is none
     */
    static List<X509Certificate> certificates(String text, int most) {
        List<Block> blocks = blocks(text);
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("expected certificates in PEM, from -----BEGIN CERTIFICATE----- on");
        }
        if (blocks.size() > most) {
            throw new IllegalArgumentException("expected at most " + most + " certificates");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (!block.label().equals(CERTIFICATE)) {
                throw new IllegalArgumentException("expected certificates only");
            }
            certificates.add(certificate(block, certificates.size() + 1));
        }
        return certificates;
    }

    private static X509Certificate certificate(Block block, int number) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate " + number + " cannot be read", e);
        }
    }

    /**
     * Reads one private key.
     *
     * @throws IllegalArgumentException when it is none that can be used
     */
    static PrivateKey key(String text) {
        List<Block> blocks = blocks(text);
        if (blocks.size() != 1 || !blocks.get(0).label().equals(KEY)) {
            throw new IllegalArgumentException(
                    "expected one private key in PEM as PKCS#8 and not encrypted, from -----BEGIN PRIVATE KEY----- on;"
                            + " openssl pkcs8 -topk8 -nocrypt writes it");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(blocks.get(0).content());
        @Nullable PrivateKey key = decoded("RSA", encoded);
        if (key == null) {
            key = decoded("EC", encoded);
        }
        if (key == null) {
            throw new IllegalArgumentException("expected a private key of RSA or of an elliptic curve (EC)");
        }
        if (key instanceof RSAPrivateKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
                throw new IllegalArgumentException(
                        "expected an RSA key of " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS + " bits");
            }
        }
        return key;
    }

    private static @Nullable PrivateKey decoded(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException other) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    /** Whether the key is that of the certificate. */
    static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        PublicKey shown = certificate.getPublicKey();
        if (key instanceof RSAPrivateKey rsa) {
            return shown instanceof RSAPublicKey open && open.getModulus().equals(rsa.getModulus());
        }
        return key instanceof ECPrivateKey && shown instanceof ECPublicKey && signsFor(shown, key);
    }

    private static boolean signsFor(PublicKey shown, PrivateKey key) {
        byte[] text = "a text to sign".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(shown);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException ofAnotherCurve) {
            return false;
        }
    }

    /** Writes certificates, one after the other. */
    static String write(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                append(text, CERTIFICATE, certificate.getEncoded());
            } catch (CertificateException e) {
                throw new IllegalArgumentException("a certificate cannot be encoded", e);
            }
        }
        return text.toString();
    }

    /** Writes a key that {@link #key} has read. */
    static String write(PrivateKey key) {
        StringBuilder text = new StringBuilder();
        append(text, KEY, key.getEncoded());
        return text.toString();
    }

    private static void append(StringBuilder text, String label, byte[] content) {
        text.append("-----BEGIN ").append(label).append("-----\n");
        text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
        text.append("\n-----END ").append(label).append("-----\n");
    }

    private static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        int at = text.indexOf("-----BEGIN ");
        while (at >= 0) {
            int labelEnd = text.indexOf("-----", at + 11);
            String label = labelEnd < 0 ? "" : text.substring(at + 11, labelEnd);
            String last = "-----END " + label + "-----";
            int end = labelEnd < 0 ? -1 : text.indexOf(last, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException("a block of PEM has no end");
            }
            blocks.add(new Block(label, text.substring(labelEnd + 5, end)));
            at = text.indexOf("-----BEGIN ", end + last.length());
        }
        return blocks;
    }
}
