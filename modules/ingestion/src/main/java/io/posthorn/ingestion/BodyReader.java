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
 * Reads a request body into memory up to a limit, and all bodies of the node together up to another. What comes beyond is
 * thrown away, so that a body of any length costs no more memory than the limit. Used on the event loop of its request.
 */
final class BodyReader {
    /** How many times the bytes that are there may be allocated on the word of the client that more will come. */
    private static final int AHEAD = 4;

    private final int maxBytes;
    private final long declaredLength;
    private final PendingGate gate;
    private final Promise<Buffer> whole = Promise.promise();
    private @Nullable Buffer first;
    private @Nullable Buffer joined;
    private long received;
    private long held;

    private BodyReader(int maxBytes, long declaredLength, PendingGate gate) {
        this.maxBytes = maxBytes;
        this.declaredLength = declaredLength;
        this.gate = gate;
    }

    /** Begins to read. */
    static BodyReader read(HttpServerRequest request, int maxBytes, PendingGate gate) {
        BodyReader reader = new BodyReader(maxBytes, declaredLength(request), gate);
        request.handler(reader::take);
        request.exceptionHandler(cause -> reader.whole.tryFail(
                new PosthornException(ErrorCode.GENERIC, "the request ended before its body", cause)));
        request.endHandler(end -> reader.finish());
        if (reader.declaredLength > maxBytes) {
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

    /** The body is needed no more: its bytes no longer count. Called once, when the request is answered. */
    void release() {
        drop();
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
        if (whole.future().failed()) {
            return;
        }
        if (received > maxBytes) {
            drop();
            whole.tryFail(tooLarge());
            return;
        }
        try {
            gate.hold(chunk.length());
            held += chunk.length();
        } catch (PosthornException full) {
            drop();
            whole.tryFail(full);
            return;
        }
        if (first == null) {
            first = chunk;
        } else {
            if (joined == null) {
                int known = first.length() + chunk.length();
                joined = Buffer.buffer((int) Math.max(known, Math.min(declaredLength, AHEAD * (long) known)))
                        .appendBuffer(first);
            }
            joined.appendBuffer(chunk);
        }
    }

    private void drop() {
        first = null;
        joined = null;
        gate.release(held);
        held = 0;
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
