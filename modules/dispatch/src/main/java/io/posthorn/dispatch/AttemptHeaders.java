package io.posthorn.dispatch;

import io.posthorn.contract.ClaimedDelivery;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The headers of an attempt. */
final class AttemptHeaders {
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

    private final Signer signer;
    private final String userAgent;

    AttemptHeaders(Signer signer, String userAgent) {
        this.signer = signer;
        this.userAgent = userAgent;
    }

    /**
     * Sets them, the endpoint's own first, so that they never replace one that is ours.
     *
     * @throws IllegalArgumentException when the attempt cannot be signed
     */
    void write(MultiMap headers, ClaimedDelivery delivery, Buffer payload, Instant at) {
        String id = delivery.message().id().value();
        String signature = signer.sign(delivery.endpoint(), id, at, payload);
        headers.set("content-type", "application/json");
        headers.set("user-agent", userAgent);
        for (Map.Entry<String, String> own : delivery.endpoint().headers().entrySet()) {
            if (isAllowed(own.getKey()) && isValue(own.getValue())) {
                headers.set(own.getKey(), own.getValue());
            }
        }
        headers.set("webhook-id", id);
        headers.set("webhook-timestamp", Long.toString(at.getEpochSecond()));
        headers.set("webhook-signature", signature);
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
