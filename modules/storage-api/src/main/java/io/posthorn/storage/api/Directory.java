package io.posthorn.storage.api;

import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;

/**
 * Applications, endpoints and event types. A change is durable when its future completes, and every message appended
 * afterwards sees it. Threads and failures as in {@link DeliveryQueue}.
 */
public interface Directory {
    /**
     * Stores an entity whose {@link io.posthorn.contract.Entity#version()} is the stored one, or 0 for a new one. Ids,
     * uids and names are unique in their place: uid of application in organisation, uid of endpoint in application,
     * name of event type in organisation. An endpoint of an application that does not exist fails with NOT_FOUND.
     */
    Future<SaveOutcome> save(Requests.Save request);

    /**
     * Deletes an entity. Its uid is free at once; its waiting deliveries count as waiting until a sweep has cancelled
     * them, but are never claimed. Fails with NOT_FOUND.
     */
    Future<Void> remove(Removal removal);

    /** Finds one entity, or fails with NOT_FOUND. */
    Future<StorageQuery.Found> find(StorageQuery.Find query);

    /** Reads a page of entities. */
    Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query);
}
