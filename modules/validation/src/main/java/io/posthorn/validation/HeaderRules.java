package io.posthorn.validation;

import io.posthorn.contract.CustomHeaders;
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
            if (!CustomHeaders.isName(name)) {
                problems.add(Problem.value(
                        "a header name of 1 to " + CustomHeaders.MAX_NAME + " token characters was expected",
                        "body",
                        "headers"));
            } else if (CustomHeaders.isReserved(name)) {
                problems.add(Problem.value("this header cannot be set by an endpoint", "body", "headers", name));
            }
            if (value.length() > MAX_VALUE || !CustomHeaders.isValue(value)) {
                problems.add(Problem.value(
                        "at most " + MAX_VALUE + " visible ASCII characters and spaces were expected",
                        "body",
                        "headers",
                        name));
            }
        });
    }
}
