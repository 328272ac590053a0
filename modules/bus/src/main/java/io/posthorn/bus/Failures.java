package io.posthorn.bus;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Failures between roles: the HTTP status as failure code, and {@code code: text} as message. */
final class Failures {
    private static final String SEPARATOR = ": ";
    private static final Map<String, ErrorCode> BY_CODE =
            Stream.of(ErrorCode.values()).collect(Collectors.toUnmodifiableMap(ErrorCode::code, Function.identity()));

    private Failures() {}

    static String text(PosthornException failure) {
        return failure.code().code() + SEPARATOR + failure.getMessage();
    }

    /** What the caller of a request gets for whatever went wrong with it. */
    static PosthornException received(String address, Throwable cause) {
        if (cause instanceof PosthornException failure) {
            return failure;
        }
        if (cause instanceof ReplyException reply) {
            if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
                return new PosthornException(
                        ErrorCode.ROLE_UNAVAILABLE, "no node serves " + address + " at the moment", cause);
            }
            if (reply.failureType() == ReplyFailure.TIMEOUT) {
                return new PosthornException(ErrorCode.TIMEOUT, "no answer from " + address + " in time", cause);
            }
            String message = String.valueOf(reply.getMessage());
            int end = message.indexOf(SEPARATOR);
            ErrorCode code = end < 0 ? null : BY_CODE.get(message.substring(0, end));
            if (code != null) {
                return new PosthornException(code, message.substring(end + SEPARATOR.length()), cause);
            }
        }
        return new PosthornException(ErrorCode.INTERNAL, "an internal error at " + address, cause);
    }
}
