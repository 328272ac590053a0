package io.posthorn.dispatch;

import io.posthorn.contract.ClaimedDelivery;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;

/** The headers of an attempt. */
final class AttemptHeaders {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence ID = HttpHeaders.createOptimized("webhook-id");
    private static final CharSequence TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
    private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("webhook-signature");

    private final Signer signer;
    private final CharSequence userAgent;

    AttemptHeaders(Signer signer, String userAgent) {
        this.signer = signer;
        this.userAgent = HttpHeaders.createOptimized(userAgent);
    }

    /**
     * Sets them, the endpoint's own first, so that they never replace one that is ours.
     *
     * @throws IllegalArgumentException when the attempt cannot be signed
     */
    void write(MultiMap headers, Target target, ClaimedDelivery delivery, Buffer payload, Instant at) {
        String id = delivery.message().id().value();
        String signature = signer.sign(delivery.endpoint(), id, at, payload);
        headers.set(HttpHeaders.CONTENT_TYPE, JSON);
        headers.set(HttpHeaders.USER_AGENT, userAgent);
        for (Target.Header own : target.headers()) {
            headers.set(own.name(), own.value());
        }
        headers.set(ID, id);
        headers.set(TIMESTAMP, Long.toString(at.getEpochSecond()));
        headers.set(SIGNATURE, signature);
    }
}
