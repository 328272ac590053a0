package io.posthorn.bus;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests that may be at other nodes. Which of several has a request is not known, so it is given up when all that it may
 * have gone to are gone. As many as there are requests without an answer. Any thread.
 */
final class Underway {
    private final Vertx vertx;
    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();

    Underway(Vertx vertx) {
        this.vertx = vertx;
    }

    /** One request; equal to itself only. */
    private static final class Waiting {
        private final String address;
        private final Promise<?> answer;
        private final Context context;

        /** Guarded by the one who goes through all of them. */
        private Set<NodeId> nodes;

        Waiting(String address, Promise<?> answer, Context context, Set<NodeId> nodes) {
            this.address = address;
            this.answer = answer;
            this.context = context;
            this.nodes = nodes;
        }

        /** Whether nobody is left who may have it; then it has failed. */
        boolean isLostWith(NodeId node) {
            if (!nodes.contains(node)) {
                return false;
            }
            Set<NodeId> left = new HashSet<>(nodes);
            left.remove(node);
            nodes = left;
            if (left.isEmpty()) {
                PosthornException cause = new PosthornException(
                        ErrorCode.TIMEOUT,
                        "the node that was asked for " + address + " is gone; what was asked may have been done");
                context.runOnContext(nothing -> answer.tryFail(cause));
            }
            return left.isEmpty();
        }
    }

    /**
     * The same answer, unless the nodes go before it comes: then it fails with {@link ErrorCode#TIMEOUT} at once. Completes
     * on the current context.
     *
     * @param nodes that the request may go to, at least one
     */
    <R> Future<R> watch(String address, Set<NodeId> nodes, Future<R> answer) {
        Promise<R> promise = Promise.promise();
        Waiting waiting = new Waiting(address, promise, vertx.getOrCreateContext(), nodes);
        all.add(waiting);
        answer.onComplete(done -> {
            all.remove(waiting);
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        });
        return promise.future();
    }

    /** Nothing will come from that node any more. */
    synchronized void gone(NodeId node) {
        all.removeIf(waiting -> waiting.isLostWith(node));
    }
}
