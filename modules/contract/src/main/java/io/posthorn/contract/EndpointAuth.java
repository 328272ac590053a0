package io.posthorn.contract;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a delivery shows a receiver who sends it, beside its signature: by the header {@code Authorization}. The rules for its
 * parts are those of the validation role; what was stored is taken as it is.
 */
public sealed interface EndpointAuth {
    /** The header that carries it. */
    String HEADER = "authorization";

    /** A user and a password (RFC 7617). */
    record Basic(String user, Secret password) implements EndpointAuth {}

    /** The same token with each attempt (RFC 6750). */
    record Bearer(Secret token) implements EndpointAuth {}

    /**
     * A token that a token endpoint gives out for a time (RFC 6749 section 4.4, client credentials).
     *
     * @param tokenUrl where it is asked for
     * @param scopes what it is asked for, in the order in which they are sent; empty for what the client has by itself
     * @param audience whom the token is for, sent as {@code audience}; null for none
     * @param parameters what else is sent along with the request for a token, by name
     * @param clientAuthentication how the client shows who it is
     */
    record OAuth2(
            String tokenUrl,
            String clientId,
            Secret clientSecret,
            List<String> scopes,
            @Nullable String audience,
            Map<String, Secret> parameters,
            ClientAuthentication clientAuthentication)
            implements EndpointAuth {
        public OAuth2 {
            scopes = Copies.list(scopes);
            parameters = Copies.map(parameters);
            clientAuthentication = clientAuthentication == null ? ClientAuthentication.BASIC : clientAuthentication;
        }

        /** Without what a URL may hide. */
        @Override
        public String toString() {
            return "OAuth2[clientId=" + clientId + ", parameters=" + parameters.keySet() + ", [redacted]]";
        }
    }

    /** How a client shows a token endpoint who it is (RFC 6749 section 2.3.1). */
    enum ClientAuthentication {
        /** By the header {@code Authorization}. */
        BASIC,
        /** By {@code client_id} and {@code client_secret} in the body. */
        BODY
    }
}
