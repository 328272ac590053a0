package io.posthorn.dispatch;

import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.EndpointAuth.ClientAuthentication;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint is sent (RFC 6749 sections 2.3.1 and 4.4.2).
 *
 * @param authorization the header of that name, or null when the client shows itself in the body
 */
record TokenForm(String body, @Nullable String authorization) {
    static TokenForm of(EndpointAuth.OAuth2 credentials) {
        StringBuilder body = new StringBuilder("grant_type=client_credentials");
        if (!credentials.scopes().isEmpty()) {
            add(body, "scope", String.join(" ", credentials.scopes()));
        }
        if (credentials.audience() != null) {
            add(body, "audience", credentials.audience());
        }
        new TreeMap<>(credentials.parameters()).forEach((name, value) -> add(body, name, value.value()));
        if (credentials.clientAuthentication() == ClientAuthentication.BODY) {
            add(body, "client_id", credentials.clientId());
            add(body, "client_secret", credentials.clientSecret().value());
            return new TokenForm(body.toString(), null);
        }
        String pair = encoded(credentials.clientId())
                + ":"
                + encoded(credentials.clientSecret().value());
        return new TokenForm(body.toString(), basic(pair));
    }

    /** The value of {@code Authorization} for a user and a password with a colon between them (RFC 7617). */
    static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(StringBuilder body, String name, String value) {
        body.append('&').append(encoded(name)).append('=').append(encoded(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
