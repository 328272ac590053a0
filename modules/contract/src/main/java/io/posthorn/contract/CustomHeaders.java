package io.posthorn.contract;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What people may add to the headers of attempts: nothing that a sender, a proxy or a signature needs. */
public final class CustomHeaders {
    /** The longest name, in characters. */
    public static final int MAX_NAME = 256;

    private static final Set<String> RESERVED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "trailers",
            "transfer-encoding",
            "upgrade",
            "http2-settings",
            "expect",
            "user-agent",
            "age",
            "cache-control",
            "clear-site-data",
            "expires",
            "pragma",
            "warning",
            "traceparent",
            "tracestate");
    private static final List<String> RESERVED_PREFIXES = List.of(
            "webhook-",
            "svix-",
            "x-svix-",
            "content-",
            "proxy-",
            "signature",
            "x-amz-",
            "x-amzn-",
            "x-google",
            "x-goog-",
            "x-gfe",
            "x-azure-",
            "x-fd-");
    private static final Set<String> SENSITIVE = Set.of("www-authenticate", "proxy-authenticate", "auth", "x-auth");
    private static final List<String> SENSITIVE_PARTS = List.of(
            "authorization",
            "token",
            "secret",
            "password",
            "passwd",
            "api-key",
            "api_key",
            "apikey",
            "access-key",
            "access_key",
            "accesskey",
            "private-key",
            "auth-key",
            "credential",
            "assertion",
            "cookie");

    private CustomHeaders() {}

    /** Whether it is a token of RFC 9110 section 5.6.2 and not too long. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) && c < 128 || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** Whether only Posthorn, or something on the way, sets a header of that name. */
    public static boolean isReserved(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith);
    }

    /** Whether it can stand in a line: visible ASCII characters, spaces and tabs. */
    public static boolean isValue(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\t');
    }

    /** Whether what stands under that name is a secret by all appearances, and is not shown. */
    public static boolean isSensitive(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SENSITIVE.contains(lower) || SENSITIVE_PARTS.stream().anyMatch(lower::contains);
    }
}
