package io.posthorn.dispatch;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Takes connections out of use when they are old, so that a changed rule or certificate takes effect, or when their receiver
 * retires them (GOAWAY). What is in flight on them ends in peace. The pool's own maximum lifetime is not enough: it looks once a second and passes over those in use,
 * so a busy connection would live for ever. Verticle context.
 */
final class ConnectionAge implements Handler<HttpConnection> {
    private final Timers timers;
    private final Duration oldest;
    private final Duration grace;

    /**
     * @param oldest when no new request uses it
     * @param grace how long the requests on it have then, after which it is cut
     */
    ConnectionAge(Timers timers, Duration oldest, Duration grace) {
        this.timers = timers;
        this.oldest = oldest;
        this.grace = grace;
    }

    @Override
    public void handle(HttpConnection connection) {
        long timer = timers.after(oldest.toMillis(), () -> retire(connection));
        connection.closeHandler(closed -> timers.cancel(timer));
        // The requests on it fail with it, and tell; a connection that nobody listens to would write into the log.
        connection.exceptionHandler(toldByRequests -> {});
        if (FrameBounds.watches(connection)) {
            // The pool forgets one that takes no more requests, and leaves it open.
            connection.goAwayHandler(goAway -> retire(connection));
        }
    }

    private void retire(HttpConnection connection) {
        // When it is gone, how it went is of no interest.
        connection.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS).onComplete(gone -> {});
    }
}
