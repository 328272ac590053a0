package io.posthorn.contract;

/** What can go wrong, with the HTTP status that says so and whether trying again can help. */
public enum ErrorCode {
    GENERIC("generic_error", 400, false),
    BAD_TOKEN("bad_token", 400, false),
    MISSING_PAYLOAD("missing_payload", 400, false),
    LIMIT_REACHED("limit_reached", 400, false),
    INVALID_RANGE("invalid_range", 400, false),
    AUTHENTICATION_FAILED("authentication_failed", 401, false),
    INSUFFICIENT_ACCESS("insufficient access", 403, false),
    NOT_FOUND("not_found", 404, false),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, false),
    CONFLICT("conflict", 409, false),
    EVENT_TYPE_EXISTS("event_type_exists", 409, false),
    PAYLOAD_TOO_LARGE("payload_too_large", 413, false),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, false),
    INVALID("validation", 422, false),
    KEY_REUSED("idempotency_key_reused", 422, false),
    TOO_MANY_REQUESTS("rate_limited", 429, true),
    INTERNAL("server_error", 500, false),
    NOT_IMPLEMENTED("not_implemented", 501, false),
    /** No node serves the role that is needed. */
    ROLE_UNAVAILABLE("role_unavailable", 503, true),
    /** As much is waiting to become durable as may be. */
    OVERLOADED("overloaded", 503, true),
    /** Storage takes no changes now: its disk is full or broken, or it is starting or stopping. */
    STORE_UNAVAILABLE("store_unavailable", 503, true),
    /** The answer did not come in time. What was asked may have been done. */
    TIMEOUT("timeout", 503, true);

    private final String code;
    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(String code, int httpStatus, boolean retryable) {
        this.code = code;
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** The text in the {@code code} field of an error body. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request can succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
