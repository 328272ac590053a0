package io.posthorn.storage;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a spare holds into the primary: its directory first, and everything else when nothing changes the spare any
 * more. What the primary has already is passed over there, so that it may begin anew at any time. An endpoint that was
 * copied from the primary and is no longer there was deleted meanwhile: it is not made again, and its deliveries are
 * cancelled. Called on the context; one call at a time.
 */
final class SpareMove {
    private static final Logger LOG = LoggerFactory.getLogger(SpareMove.class);

    private final StorageEngine spare;
    private final StorageEngine primary;
    private final String source;
    private final @Nullable Instant mirroredAt;
    private final Set<String> inPrimary = new HashSet<>();
    private final Map<EndpointId, ApplicationId> gone = new HashMap<>();
    private final EngineCalls calls;

    private final Set<EndpointId> withQueue = new HashSet<>();
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong changed = new AtomicLong();

    private @Nullable String cursor;
    private boolean goneTold;
    private boolean done;

    /**
     * @param source the id of the spare
     * @param mirroredAt what is older in the spare's directory came from the primary; null: nothing did
     */
    SpareMove(
            StorageEngine spare,
            StorageEngine primary,
            String source,
            @Nullable Instant mirroredAt,
            EngineCalls calls) {
        this.spare = spare;
        this.primary = primary;
        this.source = source;
        this.mirroredAt = mirroredAt;
        this.calls = calls;
    }

    /** Completes when the primary has every entity that was made or changed in the spare. */
    Future<Void> directory() {
        inPrimary.clear();
        gone.clear();
        return calls.on(Parts.eachOfEntities(
                        primary,
                        entities -> calls.on(Future.succeededFuture(entities))
                                .onSuccess(all -> all.forEach(entity -> inPrimary.add(Parts.keyOf(entity))))))
                .compose(read -> calls.on(Parts.eachOfEntities(
                        spare,
                        entities -> calls.on(Future.succeededFuture(entities)).compose(this::bring))));
    }

    /** Completes when the primary has everything; called again after a failure it goes on where it stood. */
    Future<Void> everything() {
        Promise<Void> all = Promise.promise();
        step(all);
        return all.future();
    }

    /** A loop over callbacks, so that no chain grows with the store. */
    private void step(Promise<Void> all) {
        if (done) {
            all.complete();
            return;
        }
        calls.on(spare.read(cursor)).compose(this::write).onComplete(written -> step(all), all::fail);
    }

    private Future<Void> write(Transfer.Chunk chunk) {
        total.set(Math.max(chunk.total(), moved.get() + chunk.items().size()));
        return write(fitting(chunk.items(), chunk.next() == null)).onSuccess(written -> {
            moved.addAndGet(chunk.items().size());
            cursor = chunk.next();
            done = cursor == null;
            goneTold = goneTold || chunk.items().stream().anyMatch(SpareMove::comesAfterQueues);
        });
    }

    /** For the operator. */
    String progress() {
        return moved + " of about " + total + " items";
    }

    /** For the operator. */
    String result() {
        return moved + " items" + (changed.get() == 0 ? "" : ", " + changed + " changes to fit, which the log has");
    }

    private Future<Void> bring(List<Entity> entities) {
        List<StoredItem> items = new ArrayList<>();
        for (Entity entity : entities) {
            if (belongs(entity)) {
                inPrimary.add(Parts.keyOf(entity));
                items.add(new StoredItem.OfEntity(entity));
            } else if (entity instanceof Endpoint endpoint && !inPrimary.contains(Parts.keyOf(entity))) {
                gone.put(endpoint.id(), endpoint.application());
            }
        }
        return write(items);
    }

    private boolean belongs(Entity entity) {
        boolean there = inPrimary.contains(Parts.keyOf(entity));
        boolean changedHere = mirroredAt == null || entity.updatedAt().isAfter(mirroredAt);
        boolean madeHere = mirroredAt == null || entity.createdAt().isAfter(mirroredAt);
        boolean orphan = entity instanceof Endpoint endpoint
                && !inPrimary.contains(endpoint.application().toString());
        return !orphan && (madeHere || (there && changedHere));
    }

    /** Changes nothing here that a repeat with the same items would need. */
    private List<StoredItem> fitting(List<StoredItem> items, boolean last) {
        List<StoredItem> fitting = new ArrayList<>();
        for (StoredItem item : items) {
            if (item instanceof StoredItem.OfQueue queue) {
                boolean removed = gone.containsKey(queue.endpoint());
                withQueue.add(queue.endpoint());
                fitting.add(removed ? asRemoved(queue) : queue);
            } else if (!(item instanceof StoredItem.OfEntity)) {
                fitting.add(item);
            }
        }
        boolean queuesEnd = last || items.stream().anyMatch(SpareMove::comesAfterQueues);
        if (queuesEnd && !goneTold) {
            return Stream.concat(goneWithoutQueue(), fitting.stream()).toList();
        }
        return fitting;
    }

    private static boolean comesAfterQueues(StoredItem item) {
        return !(item instanceof StoredItem.OfEntity || item instanceof StoredItem.OfQueue);
    }

    /** An endpoint that is gone and had no queue gets one that cancels. */
    private Stream<StoredItem> goneWithoutQueue() {
        return gone.entrySet().stream()
                .filter(entry -> !withQueue.contains(entry.getKey()))
                .map(entry -> new StoredItem.OfQueue(
                        entry.getValue(), entry.getKey(), true, null, WaitCause.READY, 0, 0, 0, 0, null));
    }

    private static StoredItem asRemoved(StoredItem.OfQueue queue) {
        return new StoredItem.OfQueue(
                queue.application(),
                queue.endpoint(),
                true,
                null,
                queue.parkCause(),
                queue.firstBatch(),
                queue.succeededGone(),
                queue.failedGone(),
                queue.cancelledGone(),
                null);
    }

    private Future<Void> write(List<StoredItem> items) {
        if (items.isEmpty()) {
            return Future.succeededFuture();
        }
        return calls.on(primary.write(source, items))
                .onSuccess(lines -> {
                    changed.addAndGet(lines.size());
                    lines.forEach(line -> LOG.warn("moved from the spare with a change: {}", line));
                })
                .mapEmpty();
    }
}
