package io.posthorn.benchmarks.load;

import io.vertx.core.Future;

/** Sends the requests of one event loop; called on that loop only. */
interface Sender {
    /** Is told how a request ended. */
    interface Answered {
        /** With that status; 0 when it got no answer. */
        void answered(long intendedNanos, int status);
    }

    /** Opens its connections, so that no request that counts has to. */
    Future<Void> open();

    /** Sends one request; the caller keeps within what may be in flight. */
    void send(long number, long intendedNanos, Answered answered);

    /** Closes its connections. */
    Future<Void> close();
}
