package io.posthorn.dispatch;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A request that can be sent, on a connection of its own or, with HTTP/2, beside others.
 *
 * @param single whether its connection serves this request alone and is closed after it
 */
record Link(HttpClientRequest request, boolean single) {
    /** The code of RFC 9113 for a stream that is no longer needed. */
    private static final long CANCEL = 8;

    /** Breaks off what was sent, or is on its way; other streams of the connection go on. */
    void reset() {
        // A stream that is gone already refuses, which is as good.
        request.reset(CANCEL).onComplete(ignored -> {});
        if (single) {
            release();
        }
    }

    /** The answer was read to the end. */
    void release() {
        if (single) {
            request.connection().close().onComplete(ignored -> {});
        }
    }

    /** Gives up the request before anything was sent. */
    void discard(Duration grace) {
        if (request.version() == HttpVersion.HTTP_2 && !single) {
            // The pool never gets back the place of a stream that was not begun: the connection ends with its other
            // streams.
            request.connection()
                    .shutdown(grace.toMillis(), TimeUnit.MILLISECONDS)
                    .onComplete(ignored -> {});
        } else {
            reset();
        }
    }
}
