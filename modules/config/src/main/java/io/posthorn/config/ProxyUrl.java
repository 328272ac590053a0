package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy: {@code http://[user:password@]host:port}. Reserved characters of user and password are
 * percent-encoded. {@link #toString()} shows neither.
 *
 * @param host a name or address; an IPv6 address without brackets
 * @param user null when the proxy asks for none
 * @param password null exactly when there is no user
 */
public record ProxyUrl(
        String host,
        int port,
        @Nullable String user,
        @Nullable Secret password) {
    static final String EXPECTED =
            "http://[user:password@]host:port, where : / ? # [ ] @ % in a password are" + " percent-encoded";

    /**
     * Reads a URL strictly.
     *
     * @throws IllegalArgumentException whose message says what is expected, and holds nothing of the text
     */
    static ProxyUrl parse(String text) {
        URI uri = uriOf(text);
        @Nullable String path = uri.getRawPath();
        @Nullable String host = uri.getHost();
        boolean sound = "http".equalsIgnoreCase(uri.getScheme())
                && uri.getPort() >= 1
                && uri.getPort() <= 65_535
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (path == null || path.isEmpty() || path.equals("/"));
        if (!sound || host == null) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        @Nullable String login = uri.getRawUserInfo();
        if (login == null) {
            return new ProxyUrl(bare, uri.getPort(), null, null);
        }
        int colon = login.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new ProxyUrl(
                bare,
                uri.getPort(),
                decoded(login.substring(0, colon)),
                new Secret(decoded(login.substring(colon + 1))));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI uriOf(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException unused) {
            // Neither as cause nor as text: its message holds the password.
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    @Override
    public String toString() {
        return "http://" + (user == null ? "" : "[redacted]@") + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + port;
    }
}
