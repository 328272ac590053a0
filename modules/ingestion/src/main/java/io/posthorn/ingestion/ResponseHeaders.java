package io.posthorn.ingestion;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The headers that every response has: request id, security, cross-origin. */
final class ResponseHeaders {
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence FRAME_NAME = HttpHeaders.createOptimized("x-frame-options");
    private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");
    private static final CharSequence POLICY_NAME = HttpHeaders.createOptimized("content-security-policy");
    private static final CharSequence POLICY =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence REFERRER_NAME = HttpHeaders.createOptimized("referrer-policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("ratelimit");
    private static final CharSequence LIMIT_POLICY = HttpHeaders.createOptimized("ratelimit-policy");
    private static final int MAX_REQUEST_ID_CHARACTERS = 128;
    private static final String MAX_AGE_SECONDS = "600";

    private ResponseHeaders() {}

    static void set(HttpServerRequest request, HttpServerResponse response) {
        String id = request.getHeader(REQUEST_ID);
        response.putHeader(REQUEST_ID, isSane(id) ? id : newRequestId());
        response.putHeader(NOSNIFF_NAME, NOSNIFF);
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
        response.putHeader(FRAME_NAME, DENY);
        response.putHeader(POLICY_NAME, POLICY);
        response.putHeader(REFERRER_NAME, NO_REFERRER);
        if (request.getHeader(HttpHeaders.ORIGIN) != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            response.putHeader(
                    HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
                    "x-request-id, retry-after, ratelimit, ratelimit-policy");
        }
    }

    static String requestId(HttpServerResponse response) {
        return String.valueOf(response.headers().get(REQUEST_ID));
    }

    static void setForReply(HttpServerResponse response, Reply reply) {
        if (reply.body() != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        }
        if (reply.retryAfterSeconds() > 0 && !response.headers().contains(HttpHeaders.RETRY_AFTER)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(reply.retryAfterSeconds()));
        }
        if (reply.status() == 401) {
            response.putHeader("www-authenticate", "Bearer");
        }
    }

    /** Where the caller stands, by draft-ietf-httpapi-ratelimit-headers-10. */
    static void setStanding(HttpServerResponse response, RequestLimits.Standing standing) {
        response.putHeader(LIMIT_POLICY, "\"token\";q=" + standing.limit() + ";w=" + standing.windowSeconds());
        response.putHeader(LIMIT, "\"token\";r=" + standing.remaining() + ";t=" + standing.resetSeconds());
        if (!standing.admitted()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(standing.resetSeconds()));
        }
    }

    static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.getHeader(HttpHeaders.ORIGIN) != null
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
    }

    static void answerPreflight(HttpServerRequest request, HttpServerResponse response) {
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS");
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        String wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
        response.setStatusCode(204).end();
    }

    /** Needs to be unique, not secret. */
    private static String newRequestId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static boolean isSane(@Nullable String id) {
        return id != null
                && !id.isEmpty()
                && id.length() <= MAX_REQUEST_ID_CHARACTERS
                && id.chars()
                        .allMatch(c -> c >= 'a' && c <= 'z'
                                || c >= 'A' && c <= 'Z'
                                || c >= '0' && c <= '9'
                                || c == '-'
                                || c == '_'
                                || c == '.');
    }
}
