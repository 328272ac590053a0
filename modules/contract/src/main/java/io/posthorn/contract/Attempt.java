package io.posthorn.contract;

import java.time.Duration;
import java.time.Instant;

/**
 * One HTTP request to a receiver.
 *
 * @param number 1 for the first attempt of the delivery
 * @param statusCode the response's status, or 0 when there was none
 * @param response the beginning of the response body, or the reason why there was none; safe to show to the tenant
 * @param duration from the start of the request to its verdict
 */
public record Attempt(
        AttemptId id,
        DeliveryKey delivery,
        int number,
        Trigger trigger,
        String url,
        Instant startedAt,
        Duration duration,
        int statusCode,
        String response,
        boolean succeeded) {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    /**
     * Whether it tells that the receiver was asked more than it can take, as a lost packet tells it of a network: no
     * answer, one that was begun well and broke off, or a status by which receivers say so (429, 502, 503, 504).
     */
    public boolean showsLoss() {
        return !succeeded
                && (statusCode < 300
                        || statusCode == TOO_MANY_REQUESTS
                        || (statusCode >= BAD_GATEWAY && statusCode <= GATEWAY_TIMEOUT));
    }
}
