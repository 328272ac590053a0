package io.posthorn.validation;

import io.posthorn.contract.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers an endpoint may add to its attempts: none that a sender, a proxy or a signature needs. */
final class HeaderRules {
    private static final int MAX_HEADERS = 50;
    private static final int MAX_VALUE = 4_096;
    private static final int MAX_BYTES = 16 * 1024;

    /** Colon, space and the end of the line. */
    private static final int BYTES_OF_LINE = 4;

    private static final Set<String> FORBIDDEN = Set.of(
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
    private static final List<String> FORBIDDEN_PREFIXES = List.of(
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

    private HeaderRules() {}

    static void check(Map<String, String> headers, List<Problem> problems) {
        if (headers.size() > MAX_HEADERS) {
            problems.add(Problem.value(
                    "at most " + MAX_HEADERS + " headers were expected, not " + headers.size(), "body", "headers"));
        }
        long bytes = headers.entrySet().stream()
                .mapToLong(header ->
                        (long) header.getKey().length() + header.getValue().length() + BYTES_OF_LINE)
                .sum();
        if (bytes > MAX_BYTES) {
            problems.add(Problem.value(
                    "at most " + MAX_BYTES + " bytes of headers were expected, not " + bytes, "body", "headers"));
        }
        Set<String> names = new HashSet<>();
        headers.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (!names.add(lowerCase)) {
                problems.add(Problem.value(
                        "one header of this name was expected: names are equal in any case", "body", "headers", name));
            }
            if (!isToken(name)) {
                problems.add(
                        Problem.value("a header name of 1 to 256 token characters was expected", "body", "headers"));
            } else if (FORBIDDEN.contains(lowerCase)
                    || FORBIDDEN_PREFIXES.stream().anyMatch(lowerCase::startsWith)) {
                problems.add(Problem.value("this header cannot be set by an endpoint", "body", "headers", name));
            }
            if (value.length() > MAX_VALUE || !value.chars().allMatch(HeaderRules::isValueCharacter)) {
                problems.add(Problem.value(
                        "at most " + MAX_VALUE + " visible ASCII characters and spaces were expected",
                        "body",
                        "headers",
                        name));
            }
        });
    }

    /** A token of RFC 9110 section 5.6.2. */
    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.length() <= FieldRules.MAX_NAME
                && name.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) && c < 128 || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    private static boolean isValueCharacter(int c) {
        return c >= ' ' && c < 127 || c == '\t';
    }
}
