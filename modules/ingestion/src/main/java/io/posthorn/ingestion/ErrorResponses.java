package io.posthorn.ingestion;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns failures into answers. The only place where an error gets its HTTP form; no cause's text leaves it. */
final class ErrorResponses {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int UNPROCESSABLE = 422;

    private ErrorResponses() {}

    static Reply of(Throwable failure, String requestId) {
        if (failure instanceof InvalidRequest invalid) {
            return problems(invalid.problems());
        }
        if (failure instanceof PosthornException known) {
            if (known.code() == ErrorCode.INTERNAL) {
                LOG.error("request {} failed: {}", requestId, known.getMessage(), known);
            }
            return of(known);
        }
        LOG.error("request {} failed unexpectedly", requestId, failure);
        return of(
                new PosthornException(ErrorCode.INTERNAL, "an internal error; it is in the log under the request id"));
    }

    /** The name under which a failure is counted. */
    static String codeOf(Throwable failure) {
        if (failure instanceof InvalidRequest) {
            return ErrorCode.INVALID.code();
        }
        return failure instanceof PosthornException known ? known.code().code() : ErrorCode.INTERNAL.code();
    }

    /** The HTTP status of a failure. */
    static int statusOf(Throwable failure) {
        if (failure instanceof InvalidRequest) {
            return UNPROCESSABLE;
        }
        return failure instanceof PosthornException known ? known.code().httpStatus() : ErrorCode.INTERNAL.httpStatus();
    }

    private static Reply of(PosthornException failure) {
        ErrorCode code = failure.code();
        String text = String.valueOf(failure.getMessage());
        if (code.httpStatus() == UNPROCESSABLE) {
            return problems(List.of(
                    code == ErrorCode.KEY_REUSED
                            ? Problem.value(text, "header", Idempotency.HEADER)
                            : Problem.value(text, "body")));
        }
        JsonObject body = new JsonObject().put("code", code.code()).put("detail", text);
        return new Reply(code.httpStatus(), body.toBuffer(), code.retryable() ? RETRY_AFTER_SECONDS : 0, false);
    }

    private static Reply problems(List<Problem> problems) {
        return Reply.of(UNPROCESSABLE, new JsonObject().put("detail", list(problems)));
    }

    static JsonArray list(List<Problem> problems) {
        JsonArray detail = new JsonArray();
        for (Problem problem : problems) {
            detail.add(new JsonObject()
                    .put("loc", new JsonArray(List.copyOf(problem.place())))
                    .put("msg", problem.message())
                    .put("type", problem.type()));
        }
        return detail;
    }
}
