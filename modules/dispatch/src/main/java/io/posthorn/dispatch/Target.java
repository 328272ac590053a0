package io.posthorn.dispatch;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.TargetUrl;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the attempts to an endpoint go, and the headers that its owner set.
 *
 * @param url null when the stored one cannot be used
 * @param headers those that may be sent
 */
record Target(@Nullable TargetUrl url, List<Header> headers) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "content-encoding",
            "content-digest",
            "accept-encoding",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "signature",
            "signature-input");

    /** A header, ready to be written. */
    record Header(CharSequence name, CharSequence value) {}

    static Target of(Endpoint endpoint) {
        List<Header> headers = new ArrayList<>();
        for (Map.Entry<String, String> own : endpoint.headers().entrySet()) {
            if (isAllowed(own.getKey()) && isValue(own.getValue())) {
                headers.add(new Header(
                        HttpHeaders.createOptimized(own.getKey()), HttpHeaders.createOptimized(own.getValue())));
            }
        }
        return new Target(urlOf(endpoint), headers);
    }

    private static @Nullable TargetUrl urlOf(Endpoint endpoint) {
        try {
            return TargetUrl.parse(endpoint.url());
        } catch (IllegalArgumentException notAUrl) {
            return null;
        }
    }

    private static boolean isAllowed(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TOKEN.matcher(name).matches()
                && !RESERVED.contains(lower)
                && !lower.startsWith("webhook-")
                && !lower.startsWith("proxy-");
    }

    private static boolean isValue(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c < 127) || c == '\t');
    }
}
