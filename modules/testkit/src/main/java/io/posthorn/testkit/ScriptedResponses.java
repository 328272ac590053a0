package io.posthorn.testkit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Does to a request what its {@link Answer} says, on the request's event loop. */
final class ScriptedResponses {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final Vertx vertx;

    ScriptedResponses(Vertx vertx) {
        this.vertx = vertx;
    }

    void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (answer instanceof Answer.Reply reply) {
            if (reply.after().isZero()) {
                reply(response, reply);
            } else {
                vertx.setTimer(reply.after().toMillis(), id -> reply(response, reply));
            }
        } else if (answer instanceof Answer.Drip drip) {
            drip(response, drip);
        } else if (answer instanceof Answer.Flood flood) {
            response.putHeader("content-length", Long.toString(flood.bytes()));
            Future<Void> flooded = flood(response, flood.bytes());
            flooded.onFailure(cause -> request.connection().close());
        } else if (answer instanceof Answer.Torn) {
            response.putHeader("content-length", "1000");
            response.write(Buffer.buffer("the first part"))
                    .onComplete(done -> request.connection().close());
        } else if (answer instanceof Answer.Closed) {
            request.connection().close();
        }
    }

    private static void reply(HttpServerResponse response, Answer.Reply reply) {
        if (!response.closed()) {
            response.setStatusCode(reply.status());
            reply.headers().forEach(response::putHeader);
            response.end(reply.body());
        }
    }

    private void drip(HttpServerResponse response, Answer.Drip drip) {
        response.setChunked(true);
        vertx.setPeriodic(drip.pause().toMillis(), id -> {
            if (response.closed()) {
                vertx.cancelTimer(id);
            } else {
                response.write(Buffer.buffer("."));
            }
        });
    }

    private static Future<Void> flood(HttpServerResponse response, long left) {
        if (left <= 0) {
            return response.end();
        }
        int size = (int) Math.min(left, CHUNK_BYTES);
        return response.write(Buffer.buffer(new byte[size])).compose(written -> flood(response, left - size));
    }
}
