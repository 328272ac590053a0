package io.posthorn.ingestion;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request body into memory up to a limit. What comes beyond it is thrown away, so that a body of any length
 * costs no more memory than the limit. Used on the event loop of its request.
 */
final class BodyReader {
    private final int maxBytes;
    private final Promise<Buffer> whole = Promise.promise();
    private @Nullable Buffer first;
    private @Nullable Buffer joined;
    private long received;

    private BodyReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Begins to read. */
    static BodyReader read(HttpServerRequest request, int maxBytes) {
        BodyReader reader = new BodyReader(maxBytes);
        request.handler(reader::take);
        request.exceptionHandler(cause -> reader.whole.tryFail(
                new PosthornException(ErrorCode.GENERIC, "the request ended before its body", cause)));
        request.endHandler(end -> reader.finish());
        if (declaredLength(request) > maxBytes) {
            reader.whole.tryFail(reader.tooLarge());
        } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue().onFailure(reader.whole::tryFail);
        }
        return reader;
    }

    /** Completes with the body when it is whole; fails with PAYLOAD_TOO_LARGE as soon as that is known, or TIMEOUT. */
    Future<Buffer> body() {
        return whole.future();
    }

    /** Waits no longer. */
    void expire() {
        whole.tryFail(new PosthornException(ErrorCode.TIMEOUT, "the body did not come in time"));
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void take(Buffer chunk) {
        received += chunk.length();
        if (received > maxBytes) {
            first = null;
            joined = null;
            whole.tryFail(tooLarge());
        } else if (first == null) {
            first = chunk;
        } else {
            if (joined == null) {
                joined = Buffer.buffer(2 * (first.length() + chunk.length())).appendBuffer(first);
            }
            joined.appendBuffer(chunk);
        }
    }

    private void finish() {
        Buffer body = joined != null ? joined : first;
        whole.tryComplete(body == null ? Buffer.buffer() : body);
    }

    private PosthornException tooLarge() {
        return new PosthornException(
                ErrorCode.PAYLOAD_TOO_LARGE, "the request body is larger than " + maxBytes + " bytes");
    }
}
