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
        boolean succeeded) {}
