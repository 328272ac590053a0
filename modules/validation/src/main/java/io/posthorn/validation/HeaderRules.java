package io.posthorn.validation;

import io.posthorn.contract.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers an endpoint may add to its attempts. */
final class HeaderRules {
    private static final int MAX_HEADERS = 50;
    private static final int MAX_NAME = 256;
    private static final int MAX_VALUE = 4096;
    private static final Set<String> FORBIDDEN = Set.of(
            "host",
            "connection",
            "user-agent",
            "keep-alive",
            "te",
            "trailer",
            "trailers",
            "transfer-encoding",
            "upgrade",
            "expect",
            "age",
            "cache-control",
            "clear-site-data",
            "expires",
            "pragma",
            "warning",
            "traceparent",
            "tracestate",
            "signature",
            "signature-input");
    private static final List<String> PREFIXES = List.of(
            "proxy-",
            "content-",
            "x-amz-",
            "x-amzn-",
            "x-google",
            "x-goog-",
            "x-gfe",
            "x-azure-",
            "x-fd-",
            "x-svix-",
            "svix-",
            "webhook-");
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private HeaderRules() {}

    static void check(Map<String, String> headers, List<Problem> problems) {
        if (headers.size() > MAX_HEADERS) {
            problems.add(Problem.value("expected at most 50 headers", "body", "headers"));
            return;
        }
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!isToken(name)) {
                problems.add(Problem.value("not the name of a header", "body", "headers"));
            } else if (FORBIDDEN.contains(lower) || PREFIXES.stream().anyMatch(lower::startsWith)) {
                problems.add(Problem.value("this header may not be set", "body", "headers", name));
            } else if (value.length() > MAX_VALUE) {
                problems.add(Problem.value("expected at most 4096 characters", "body", "headers", name));
            } else if (value.chars().anyMatch(c -> (c < 32 && c != '\t') || c > 126)) {
                problems.add(Problem.value("expected printable ASCII on one line", "body", "headers", name));
            }
        });
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || TOKEN_PUNCTUATION.indexOf(c) >= 0);
    }
}
