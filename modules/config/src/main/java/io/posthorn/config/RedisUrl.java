package io.posthorn.config;

import io.posthorn.contract.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis server is: {@code redis://[user:password@]host[:port][/database]}, or {@code rediss://} for TLS.
 * Reserved characters of user and password are percent-encoded. {@link #toString()} shows no password.
 *
 * @param text the whole of it, as it was given
 * @param tls whether the connection is encrypted
 * @param host a name or address; an IPv6 address stands in brackets
 * @param port null if not said: 6379, or 26379 of a sentinel
 * @param database null if not said
 */
public record RedisUrl(
        Secret text,
        boolean tls,
        String host,
        @Nullable Integer port,
        @Nullable Integer database) {
    static final String EXPECTED = "redis://[user:password@]host[:port][/database], or rediss:// for TLS;"
            + " several are separated by commas, and : / ? # [ ] @ , % in a password are percent-encoded";

    private static final Pattern BEFORE_HOST = Pattern.compile("(?s)^([A-Za-z]+:/*)?.*@");
    private static final Pattern NO_PORT = Pattern.compile("(?s)(?<=[^:/]|//):(?!//)(?!\\d{1,5}(?:[/,?#]|$)).*");
    private static final Pattern QUERY = Pattern.compile("(?s)[?#].*");
    private static final Pattern DATABASE = Pattern.compile("/\\d{1,5}");

    /**
     * Reads a URL strictly.
     *
     * @throws IllegalArgumentException whose message says what is expected, and holds nothing of the text
     */
    static RedisUrl parse(String text) {
        URI uri = uriOf(text);
        boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
        @Nullable String path = uri.getRawPath();
        boolean noPath = path == null || path.isEmpty() || path.equals("/");
        boolean sound = (tls || "redis".equalsIgnoreCase(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() <= 65_535
                && uri.getPort() != 0
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (noPath || DATABASE.matcher(path).matches());
        if (!sound) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new RedisUrl(
                new Secret(text),
                tls,
                uri.getHost(),
                uri.getPort() < 0 ? null : Integer.valueOf(uri.getPort()),
                noPath ? null : Integer.valueOf(path.substring(1)));
    }

    private static URI uriOf(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException unused) {
            // Neither as cause nor as text: its message holds the password.
            throw new IllegalArgumentException(EXPECTED);
        }
    }

    /** What may be shown of a text that is meant to be one URL or several, however wrong it is: no user and password. */
    static String redacted(String text) {
        String withoutUser = BEFORE_HOST.matcher(text).replaceFirst("$1[redacted]@");
        String withoutQuery = QUERY.matcher(withoutUser).replaceFirst("?[redacted]");
        return NO_PORT.matcher(withoutQuery).replaceFirst(":[redacted]");
    }

    @Override
    public String toString() {
        return (tls ? "rediss://" : "redis://")
                + host
                + (port == null ? "" : ":" + port)
                + (database == null ? "" : "/" + database);
    }
}
