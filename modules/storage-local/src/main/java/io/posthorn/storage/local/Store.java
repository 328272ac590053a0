package io.posthorn.storage.local;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open map and all that is known about it in memory. After a failed write it is thrown away as a whole and made anew
 * from the map. Changed on the store thread only.
 */
final class Store {
    final OrderedMap map;
    final SteadyTime time;
    final Queues queues;
    final Appender appender;
    final Claimer claimer;
    final Settler settler;
    final Steward steward;
    final DirectoryReader directory;
    final DirectoryWriter directoryWriter;
    final HistoryReader history;
    final Explainer explainer;
    final TaskRunner tasks;
    final TaskReader taskReader;
    final StoreIdentity identity;
    final PartReader parts;
    final ItemWriter itemWriter;
    final PermitCounter permits;

    /** Whether its rows were removed, so that nothing known in memory is true any more. */
    boolean cleared;

    final ExpiryIndex expiry;
    final Retention retention;

    private Store(OrderedMap map, InstantSource clock, SteadyTime time, EngineOptions options) throws IOException {
        this.map = map;
        this.time = time;
        directory = new DirectoryReader(map);
        DirectoryCache cache = new DirectoryCache(directory);
        MessageCache messages = new MessageCache(map, options.messageCacheBytes());
        queues = new Queues(map, cache, options.windowEntries(), options.inFlightLimit());
        expiry = new ExpiryIndex(map, options.attemptRetention().toMillis());
        retention = new Retention(map, expiry, messages, queues);
        appender = new Appender(map, cache, messages, queues, expiry);
        claimer = new Claimer(queues, messages, new Fences(map), time);
        settler = new Settler(map, queues, expiry, time);
        steward = new Steward(map, cache, messages, queues, time);
        directoryWriter = new DirectoryWriter(map, directory, cache, queues, steward);
        history = new HistoryReader(map, clock, queues.leases::holds);
        explainer = new Explainer(map, history, queues.leases, time);
        tasks = new TaskRunner(
                map,
                cache,
                new BulkWork(map, messages, queues),
                time,
                options.attemptRetention().toMillis());
        taskReader = new TaskReader(map);
        identity = new StoreIdentity(map);
        permits = new PermitCounter(queues, time);
        parts = new PartReader(map);
        itemWriter = new ItemWriter(map, directory, directoryWriter, queues, tasks, expiry, identity, time);
    }

    /** Reads of the map what is needed to go on: ledgers and leases, never the backlog. */
    static Store recover(OrderedMap map, InstantSource clock, SteadyTime time, EngineOptions options)
            throws IOException {
        Store store = new Store(map, clock, time, options);
        long now = time.millis();
        WriteSet writes = new WriteSet();
        new IndexBuilder(map, store.expiry, now).build();
        store.queues.recover(now);
        if (options.soleNode()) {
            writes.deleteRange(Table.LEASE, Keys.lease(0), Keys.lease(-1));
        } else {
            store.recoverLeases(writes);
            store.claimer.putBackExpired(now, writes);
        }
        store.tasks.recover();
        boolean isNew = store.identity.ensureId(writes);
        if (!writes.isEmpty()) {
            map.write(writes, isNew);
        }
        return store;
    }

    private void recoverLeases(WriteSet writes) throws IOException {
        List<Lease> leases = new ArrayList<>();
        map.scan(Table.LEASE, Keys.lease(0), Keys.lease(-1), true, (key, row) -> {
            leases.add(Lease.decode(java.nio.ByteBuffer.wrap(key).getLong(), row));
            return true;
        });
        // The newest first: where a delivery was claimed again, only its last lease holds it.
        for (Lease lease : leases) {
            List<@Nullable EndpointQueue> holders = new ArrayList<>();
            for (Lease.Held held : lease.deliveries()) {
                // One that was settled and sent again by hand in the same millisecond has the same place, but not the
                // same row.
                boolean stands = Arrays.equals(
                        held.entry().value(),
                        map.get(Table.QUEUE, Keys.queue(held.key().endpoint(), held.entry())));
                holders.add(
                        stands ? queues.of(held.key().application(), held.key().endpoint()) : null);
            }
            queues.leases.recover(lease, holders, writes);
        }
    }

    QueueState queue(StorageQuery.QueueOf query, long now) throws IOException {
        EndpointQueue queue = queues.of(query.application(), query.endpoint());
        queues.ensureSettings(queue);
        queues.lookUpHeads(queue);
        WaitCause cause = queue.cause(now);
        Instant until = null;
        if (queue.parkedUntil(now) > 0) {
            until = time.wall(queue.parkedUntil(now));
        } else if (cause == WaitCause.DUE_LATER && queue.headDue() != EndpointQueue.NEVER) {
            until = time.wall(queue.headDue());
        }
        QueueState state = new QueueState(
                queue.books(), dueAt(queue.headDue()), cause, until, queue.limit(), queue.ledger.circuit());
        queues.schedule(queue, now);
        return state;
    }

    Explainer.Seen explain(DeliveryKey key, long now) throws IOException {
        return explainer.look(key, queue(new StorageQuery.QueueOf(key.application(), key.endpoint()), now), now);
    }

    /** A due time as a caller sees it; null for {@link EndpointQueue#NEVER}. */
    @Nullable
    Instant dueAt(long millis) {
        return millis == EndpointQueue.NEVER ? null : time.wall(millis);
    }
}
