package io.posthorn.app;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: starts its deployments one after the other in the order of the table, and stops them in reverse, each
 * within its own time. A step that fails to stop, or is late, is logged and does not hold up the next.
 */
final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Deployer deployer;
    private final List<Deployment> table;
    private final Consumer<Boolean> readiness;
    private final Deque<Running> running = new ArrayDeque<>();
    private @Nullable Future<Void> stopped;

    /**
     * Makes a node that does not run yet.
     *
     * @param readiness told true when everything runs, and false before the first step of a stop
     */
    Node(Deployer deployer, List<Deployment> table, Consumer<Boolean> readiness) {
        this.deployer = deployer;
        this.table = List.copyOf(table);
        this.readiness = readiness;
    }

    private record Running(Deployment deployment, String id) {}

    /** Completes when everything runs; fails with a {@link StartFailure} after stopping what had started. */
    Future<Void> start() {
        Future<Void> chain = Future.succeededFuture();
        for (Deployment deployment : table) {
            chain = chain.compose(before -> start(deployment));
        }
        return chain.onSuccess(all -> readiness.accept(true))
                .recover(cause -> stop().transform(done -> Future.failedFuture(cause)));
    }

    /** Completes when everything has stopped or was given up; never fails. A second call joins the first. */
    synchronized Future<Void> stop() {
        if (stopped == null) {
            stopped = stopAll();
        }
        return stopped;
    }

    private Future<Void> start(Deployment deployment) {
        return deployer.deploy(deployment)
                .onSuccess(id -> started(new Running(deployment, id)))
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(new StartFailure(deployment.name(), cause)));
    }

    private synchronized void started(Running deployment) {
        running.push(deployment);
        LOG.debug("{} runs", deployment.deployment().name());
    }

    private Future<Void> stopAll() {
        readiness.accept(false);
        Future<Void> chain = Future.succeededFuture();
        while (!running.isEmpty()) {
            Running next = running.pop();
            chain = chain.compose(before -> stop(next));
        }
        return chain;
    }

    private Future<Void> stop(Running step) {
        String name = step.deployment().name();
        LOG.debug("{} stops", name);
        return deployer.undeploy(step.id())
                .timeout(step.deployment().stopTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(cause -> LOG.warn("{} did not stop cleanly: {}", name, String.valueOf(cause)))
                .otherwiseEmpty();
    }
}
