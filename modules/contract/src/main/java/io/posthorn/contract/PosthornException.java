package io.posthorn.contract;

import org.jspecify.annotations.Nullable;

/**
 * A failure with a code. Its message is safe to show to a caller and holds no cause's text. Made without a stack trace,
 * since it travels as a value.
 */
public final class PosthornException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public PosthornException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** With the cause, for the log of this process only. */
    public PosthornException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.code = code;
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }
}
