package io.posthorn.dispatch;

import io.posthorn.config.SourceHeader;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
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
 * Where the attempts to an endpoint go, and the headers that the node and its owner set. Of one name the last is sent.
 *
 * @param url null when the stored one cannot be used
 * @param headers those that may be sent
 * @param credentials for what a token must be asked before each attempt, or null
 */
record Target(@Nullable TargetUrl url, List<Header> headers, EndpointAuth.@Nullable OAuth2 credentials) {
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

    /** @param fromNode what the node sends along with each delivery */
    static Target of(Endpoint endpoint, List<SourceHeader> fromNode) {
        List<Header> headers = new ArrayList<>();
        for (SourceHeader header : fromNode) {
            headers.add(header(header.name(), header.value().value()));
        }
        for (Map.Entry<String, String> own : endpoint.headers().entrySet()) {
            if (isAllowed(own.getKey()) && isValue(own.getValue())) {
                headers.add(header(own.getKey(), own.getValue()));
            }
        }
        @Nullable EndpointAuth auth = endpoint.sending().authentication();
        if (auth instanceof EndpointAuth.Basic basic) {
            headers.add(header(
                    EndpointAuth.HEADER,
                    TokenForm.basic(basic.user() + ":" + basic.password().value())));
        } else if (auth instanceof EndpointAuth.Bearer bearer
                && isValue(bearer.token().value())) {
            headers.add(header(EndpointAuth.HEADER, "Bearer " + bearer.token().value()));
        }
        return new Target(urlOf(endpoint), headers, auth instanceof EndpointAuth.OAuth2 oauth ? oauth : null);
    }

    private static Header header(String name, String value) {
        return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
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
