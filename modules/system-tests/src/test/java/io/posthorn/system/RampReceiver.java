package io.posthorn.system;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.HashSet;
import java.util.Set;

/**
 * A receiver that takes a while for each request, so that what is under way at once can be seen; compares that with what a ramp lets
 * in: after n successes in a row at most n + 1.
 */
final class RampReceiver {
    private static final long TAKES_MILLIS = 40;

    private final HttpServer server;
    private final Set<String> accepted = new HashSet<>();
    private int status = 200;
    private int requests;
    private int underWay;
    private int successes;
    private int mostAtOnce;
    private int mostBeyond = Integer.MIN_VALUE;

    private RampReceiver(Vertx vertx) {
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    int code = begin();
                    vertx.setTimer(TAKES_MILLIS, timer -> {
                        end(code, request.getHeader("webhook-id"));
                        request.response().setStatusCode(code).end();
                    });
                }));
        Futures.resultOf(server.listen(0, "127.0.0.1"));
    }

    static RampReceiver start(Vertx vertx) {
        return new RampReceiver(vertx);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/hook";
    }

    private synchronized int begin() {
        requests++;
        underWay++;
        if (status == 200) {
            mostAtOnce = Math.max(mostAtOnce, underWay);
            mostBeyond = Math.max(mostBeyond, underWay - (successes + 1));
        }
        return status;
    }

    private synchronized void end(int code, String id) {
        underWay--;
        if (code == 200) {
            successes++;
            accepted.add(id);
        }
    }

    /** What it answers from now on; counts anew. */
    synchronized void answer(int code) {
        status = code;
        successes = 0;
        mostAtOnce = 0;
        mostBeyond = Integer.MIN_VALUE;
    }

    synchronized int requests() {
        return requests;
    }

    synchronized Set<String> accepted() {
        return Set.copyOf(accepted);
    }

    /** The most requests under way at once since the last change. */
    synchronized int mostAtOnce() {
        return mostAtOnce;
    }

    /** By how many more than a ramp allows; at most 0 where it was kept. */
    synchronized int mostBeyondTheRamp() {
        return mostBeyond;
    }
}
