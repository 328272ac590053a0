package io.posthorn.storage.api;

import io.posthorn.contract.BackgroundTask;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;

/**
 * Background tasks. A task is stored when {@link #start} completes; {@link DeliveryQueue#sweep()} takes it further, a
 * step at a time, each step changed together with how far it came, so that neither a crash nor two nodes at once repeat
 * or leave out any. Steps are small and apart enough that fresh traffic hardly notices. An ended task is kept as long
 * as attempts are. Threads and failures as in {@link DeliveryQueue}.
 */
public interface Tasks {
    /**
     * Stores a task that is to run. Fails with NOT_FOUND, or TOO_MANY_REQUESTS while as many run as may; the same id
     * again answers the task as it stands.
     */
    Future<BackgroundTask> start(Requests.StartTask request);

    /** One task, or NOT_FOUND. */
    Future<BackgroundTask> task(StorageQuery.OneTask query);

    /** A page of tasks. */
    Future<StorageQuery.TaskPage> tasks(StorageQuery.Tasks query);
}
