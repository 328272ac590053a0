package io.posthorn.dispatch;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Says why a TLS handshake failed, in words of its own: what the receiver's certificate says is not repeated. */
final class TlsFailureText {
    private static final String FAILED = "TLS handshake failed";

    private TlsFailureText() {}

    static String of(Throwable failure) {
        String reason = "";
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = String.valueOf(at.getMessage());
            if (at instanceof CertificateExpiredException) {
                return FAILED + ": the certificate has expired";
            } else if (at instanceof CertificateNotYetValidException) {
                return FAILED + ": the certificate is not valid yet";
            } else if (at instanceof CertPathBuilderException) {
                reason = ": the certificate is signed by nobody who is trusted";
            } else if (at instanceof CertificateException && text.startsWith("No ")) {
                // Of the JDK's HostnameChecker: "No subject alternative ...", "No name matching ..."
                reason = ": the certificate is for another name";
            } else if (text.endsWith("alert: protocol_version")
                    || text.startsWith("The server selected protocol version")) {
                reason = ": it takes neither TLS 1.2 nor 1.3";
            }
        }
        return FAILED + reason;
    }
}
