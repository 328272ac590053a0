package io.posthorn.config;

import io.posthorn.contract.CustomHeaders;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.Secret;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A header that a node sends along with each delivery, written {@code name: value}. Its value is never shown. */
public record SourceHeader(String name, Secret value) {
    static final int MAX_VALUE = 4096;

    static final String EXPECTED =
            "name: value, a header that may be sent along (not Authorization, which belongs to an"
                    + " endpoint, nor one that the request, the connection or the signature needs), of at most "
                    + MAX_VALUE
                    + " visible ASCII characters";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException whose message says what is expected
     */
    static SourceHeader parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        SourceHeader header = new SourceHeader(
                text.substring(0, colon).strip(),
                new Secret(text.substring(colon + 1).strip()));
        if (!header.isValid()) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return header;
    }

    boolean isValid() {
        String text = value.value();
        return CustomHeaders.isName(name)
                && !CustomHeaders.isReserved(name)
                && !name.equalsIgnoreCase(EndpointAuth.HEADER)
                && !text.isEmpty()
                && text.length() <= MAX_VALUE
                && CustomHeaders.isValue(text);
    }

    /** Whether no name is there twice, in whatever case. */
    static boolean areDistinct(List<SourceHeader> headers) {
        Set<String> names = new HashSet<>();
        return headers.stream().allMatch(header -> names.add(header.name().toLowerCase(Locale.ROOT)));
    }

    /** A list of them as it may be shown. */
    static String redacted(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(part -> part.indexOf(':') < 0
                        ? "[redacted]"
                        : part.substring(0, part.indexOf(':')).strip() + ": [redacted]")
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name + ": [redacted]";
    }
}
