package io.posthorn.contract;

import java.util.Locale;
import java.util.Set;

/**
 * The URL of an endpoint after one strict parse; nothing else ever reads the text again. Whatever two parsers could
 * read differently is refused: user info, fragments, backslashes, short or octal IP addresses, scopes, names that are
 * not ASCII, a trailing dot, half an escape. Path and query stay as they were written.
 *
 * <p>Says nothing about whether the host may be dialled.
 */
public final class TargetUrl {
    /** The longest URL, in characters. */
    public static final int MAX_LENGTH = 4096;

    /** Ports of other protocols below 1024 are refused as a whole; these are the ones above (WHATWG "bad ports"). */
    private static final Set<Integer> FOREIGN_PORTS = Set.of(
            1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
            6697, 10080, 11211);

    private static final String PUNCTUATION = "-._~!$&'()*+,;=:@/?[]";

    private final boolean ssl;
    private final HostText host;
    private final int port;
    private final String requestUri;

    private TargetUrl(boolean ssl, HostText host, int port, String requestUri) {
        this.ssl = ssl;
        this.host = host;
        this.port = port;
        this.requestUri = requestUri;
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException with a text that says what was expected and is safe to show to the caller
     */
    public static TargetUrl parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a URL has at most " + MAX_LENGTH + " characters");
        }
        boolean ssl;
        int start;
        if (text.regionMatches(true, 0, "https://", 0, 8)) {
            ssl = true;
            start = 8;
        } else if (text.regionMatches(true, 0, "http://", 0, 7)) {
            ssl = false;
            start = 7;
        } else {
            throw new IllegalArgumentException("a URL starts with https:// or http://");
        }
        int end = start;
        while (end < text.length() && "/?#\\".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String authority = text.substring(start, end);
        String requestUri = requestUri(text.substring(end));
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("a URL holds no user name or password");
        }
        int colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
        if (colon <= 0) {
            return new TargetUrl(ssl, HostText.parse(authority), ssl ? 443 : 80, requestUri);
        }
        return new TargetUrl(
                ssl, HostText.parse(authority.substring(0, colon)), port(authority.substring(colon + 1)), requestUri);
    }

    private static int port(String text) {
        boolean digits = text.length() >= 1
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && text.charAt(0) != '0';
        int port = digits ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535");
        }
        if ((port < 1024 && port != 80 && port != 443) || FOREIGN_PORTS.contains(port)) {
            throw new IllegalArgumentException(
                    "a port is 80, 443 or above 1023, and none that belongs to another protocol");
        }
        return port;
    }

    private static String requestUri(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '#') {
                throw new IllegalArgumentException("a URL has no fragment (#)");
            }
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '%' && PUNCTUATION.indexOf(c) < 0) {
                throw new IllegalArgumentException(
                        "path and query hold only ASCII letters, digits, the punctuation of RFC 3986 and escapes");
            }
            if (c == '%' && !(isHex(text, i + 1) && isHex(text, i + 2))) {
                throw new IllegalArgumentException("a % in a URL is followed by two hexadecimal digits");
            }
        }
        return text.startsWith("/") ? text : "/" + text;
    }

    private static boolean isHex(String text, int index) {
        return index < text.length() && text.charAt(index) < 128 && Character.digit(text.charAt(index), 16) >= 0;
    }

    /** Whether the scheme is https. */
    public boolean isSsl() {
        return ssl;
    }

    /** The host in its one form: a lower-case name, a dotted quad, or an IPv6 address without brackets. */
    public String host() {
        return host.text();
    }

    /** The host as it stands in a URL or a Host header: {@link #host()} with the brackets of an IPv6 address. */
    public String hostInAuthority() {
        return host.kind() == HostText.Kind.IPV6 ? "[" + host.text() + "]" : host.text();
    }

    /** Whether the host is an address, so that nothing need be looked up. */
    public boolean isAddress() {
        return host.kind() != HostText.Kind.NAME;
    }

    /** The port, 80 or 443 where none was written. */
    public int port() {
        return port;
    }

    /** Path and query exactly as written; starts with a slash. */
    public String requestUri() {
        return requestUri;
    }

    /** Scheme, host and port, such as {@code https://example.com} or {@code http://[2001:db8::1]:8080}. */
    public String origin() {
        String shownPort = port == (ssl ? 443 : 80) ? "" : ":" + port;
        return String.format(Locale.ROOT, "%s://%s%s", ssl ? "https" : "http", hostInAuthority(), shownPort);
    }

    /** The origin only: path and query may hold secrets. */
    @Override
    public String toString() {
        return origin();
    }
}
