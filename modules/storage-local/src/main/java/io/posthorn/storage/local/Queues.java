package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Books;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.InFlightLimit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All queues that have something open, and who of them may be served when. An endpoint with nothing open has no object
 * here, unless it is parked or limited. Store thread.
 */
final class Queues {
    private static final int LOOK_UP_WITHOUT_ROOM = 8;

    final Leases leases = new Leases();
    final TurnRing ring = new TurnRing();
    final WakeList sleeping = new WakeList();

    private final OrderedMap map;
    private final DirectoryCache directory;
    private final InFlightLimit limit;
    private final Window.Budget budget;
    private final Map<EndpointId, EndpointQueue> active = new HashMap<>();
    private final List<EndpointQueue> dirty = new ArrayList<>();
    private final Map<EndpointId, EndpointQueue> toCancel = new LinkedHashMap<>();
    private long created;
    private long succeeded;
    private long failed;
    private long cancelled;

    Queues(OrderedMap map, DirectoryCache directory, int windowEntries, InFlightLimit limit) {
        this.map = map;
        this.directory = directory;
        this.limit = limit;
        this.budget = new Window.Budget(windowEntries);
    }

    /** Reads the ledgers; queues with something open become known, but their heads are looked up when it is their turn. */
    void recover(long now) throws IOException {
        map.scan(Table.LEDGER, new byte[0], Keys.after(new byte[0]), false, (key, row) -> {
            Ledger ledger = Ledger.decode(row);
            created += ledger.created();
            succeeded += ledger.succeeded();
            failed += ledger.failed();
            cancelled += ledger.cancelled();
            if (ledger.open() > 0 || ledger.parkedUntil() > now) {
                EndpointId endpoint = new EndpointId(EndpointId.PREFIX + Keys.text(key, 0, Keys.ID));
                EndpointQueue queue = add(ledger, endpoint);
                if (ledger.removed()) {
                    toCancel.put(endpoint, queue);
                } else if (ledger.parkedUntil() > now) {
                    sleeping.wakeAt(queue, ledger.parkedUntil());
                } else {
                    ring.add(queue);
                }
            }
            return true;
        });
    }

    /** The queue of an endpoint that exists or did once; it is in memory afterwards. */
    EndpointQueue of(ApplicationId application, EndpointId endpoint) throws IOException {
        EndpointQueue queue = active.get(endpoint);
        if (queue == null) {
            byte[] row = map.get(Table.LEDGER, Keys.bare(endpoint.value()));
            queue = add(row == null ? Ledger.empty(application) : Ledger.decode(row), endpoint);
        }
        return queue;
    }

    Collection<EndpointQueue> all() {
        return active.values();
    }

    /** Counts deliveries that were made or ended; negative numbers take back. */
    void count(EndpointQueue queue, long newCreated, long newSucceeded, long newFailed, long newCancelled) {
        queue.ledger = queue.ledger.count(newCreated, newSucceeded, newFailed, newCancelled);
        created += newCreated;
        succeeded += newSucceeded;
        failed += newFailed;
        cancelled += newCancelled;
        touch(queue);
    }

    /** Its ledger changed: it is written with the group. */
    void touch(EndpointQueue queue) {
        if (!queue.dirty) {
            queue.dirty = true;
            dirty.add(queue);
        }
    }

    /** Adds the changed ledgers to the group, once each. */
    void writeLedgers(WriteSet writes, long now) {
        for (EndpointQueue queue : dirty) {
            queue.dirty = false;
            writes.put(Table.LEDGER, queue.ledgerKey, queue.ledger.encode());
            forgetIfIdle(queue, now);
        }
        dirty.clear();
    }

    /** Adds to the counts of all queues together, and to none of them. */
    void correctTotals(long newCreated, long newSucceeded, long newFailed, long newCancelled) {
        created += newCreated;
        succeeded += newSucceeded;
        failed += newFailed;
        cancelled += newCancelled;
    }

    /** The queue of an endpoint, if it is in memory. */
    @Nullable
    EndpointQueue known(EndpointId endpoint) {
        return active.get(endpoint);
    }

    /** The endpoints of all queues in memory. */
    List<EndpointId> endpoints() {
        return List.copyOf(active.keySet());
    }

    /** Whether a queue could be served now or in time, but neither has a turn nor waits for one. */
    boolean isForgotten(EndpointQueue queue, long now) throws IOException {
        ensureSettings(queue);
        return queue.claimableAt() != EndpointQueue.NEVER && !queue.inRing && queue.wakeAt == EndpointQueue.NEVER
                || queue.waiting() > 0 && queue.ledger.removed() && !toCancel.containsKey(queue.endpoint);
    }

    /** Trusts nothing of what memory knows of a queue: its rows were changed by hand. */
    void forgetRows(EndpointQueue queue, long now) throws IOException {
        queue.first.drop();
        queue.retry.drop();
        touch(queue);
        if (queue.ledger.removed()) {
            removed(queue);
        } else {
            schedule(queue, now);
        }
    }

    Books totals() {
        long open = created - succeeded - failed - cancelled;
        return new Books(created, succeeded, failed, cancelled, open - leases.size(), leases.size());
    }

    /** How many deliveries a second all endpoints of the application may get together; null for no limit. */
    @Nullable
    Integer rateOf(ApplicationId application) throws IOException {
        return directory.rateOf(application);
    }

    /** Looks the settings up where they are not known. */
    void ensureSettings(EndpointQueue queue) throws IOException {
        if (queue.settings == null && !queue.ledger.removed()) {
            queue.settings = directory.endpoint(queue.application, queue.endpoint);
        }
    }

    /** Puts a queue where it belongs after anything about it changed. */
    void schedule(EndpointQueue queue, long now) throws IOException {
        ensureSettings(queue);
        long at = queue.claimableAt();
        if (at == EndpointQueue.NEVER) {
            sleeping.cancel(queue);
            forgetIfIdle(queue, now);
            return;
        }
        long parkedUntil = queue.parkedUntil(now);
        if (parkedUntil > 0) {
            sleeping.wakeAt(queue, parkedUntil);
        } else if (at <= now) {
            sleeping.cancel(queue);
            ring.add(queue);
        } else {
            sleeping.wakeAt(queue, at);
        }
    }

    /** Puts the queues whose time has come into the ring. */
    void wake(long now) {
        for (EndpointQueue queue = sleeping.takeDue(now); queue != null; queue = sleeping.takeDue(now)) {
            ring.add(queue);
        }
    }

    /** Looks up the lowest entries that wait in the map, where memory knows none. */
    void lookUpHeads(EndpointQueue queue) throws IOException {
        for (QueueClass queueClass : QueueClass.values()) {
            Window window = queue.window(queueClass);
            if (window.isUnknown()) {
                lookUp(queue, queueClass, window);
            }
        }
    }

    private void lookUp(EndpointQueue queue, QueueClass queueClass, Window window) throws IOException {
        byte[] prefix = Keys.queue(queue.endpoint, queueClass);
        QueueEntry floor = window.beginLookUp();
        byte[] from = floor == null ? prefix : Keys.queue(queue.endpoint, floor);
        int wanted = budget.hasRoom() ? Window.CAPACITY : LOOK_UP_WITHOUT_ROOM;
        map.scan(Table.QUEUE, from, Keys.after(prefix), false, (key, value) -> {
            QueueEntry entry = Keys.queueEntry(key, value);
            DeliveryKey delivery = new DeliveryKey(queue.application, queue.endpoint, entry.message());
            return leases.holds(delivery) || window.found(entry, wanted);
        });
    }

    /** The endpoint was removed: nothing of it is handed out any more, and a sweep cancels what waits. */
    void removed(EndpointQueue queue) {
        queue.ledger = queue.ledger.removedNow();
        queue.settings = null;
        touch(queue);
        sleeping.cancel(queue);
        queue.first.drop();
        queue.retry.drop();
        toCancel.put(queue.endpoint, queue);
    }

    /** How many removed endpoints still have something open. */
    int toCancelCount() {
        return toCancel.size();
    }

    /** The removed endpoint whose deliveries are to be cancelled next; there is one. */
    EndpointQueue nextToCancel() {
        return toCancel.values().iterator().next();
    }

    /** A sweep has cancelled what waited; while something is in flight the queue comes round again. */
    void cancelledSome(EndpointQueue queue, boolean all) {
        toCancel.remove(queue.endpoint);
        if (!all) {
            toCancel.put(queue.endpoint, queue);
        }
    }

    /** Other settings of a known queue. */
    void settingsChanged(Endpoint endpoint, long now) throws IOException {
        EndpointQueue queue = active.get(endpoint.id());
        if (queue != null) {
            queue.settings = endpoint;
            // What it waits for may have changed: the next claim asks anew.
            if (queue.parkedUntil(now) > 0 && queue.ledger.parkCause() == WaitCause.RATE_LIMITED) {
                queue.ledger = queue.ledger.parked(0, WaitCause.READY, 0);
                touch(queue);
            }
            schedule(queue, now);
        }
    }

    /** When something may be claimed next: 0 for at once, {@link EndpointQueue#NEVER} when nothing waits for a time. */
    long nextClaimable() {
        return ring.isEmpty() ? Math.min(sleeping.next(), leases.nextEnd()) : 0;
    }

    private EndpointQueue add(Ledger ledger, EndpointId endpoint) {
        boolean empty = ledger.open() == 0;
        EndpointQueue queue =
                new EndpointQueue(ledger, endpoint, new Window(budget, empty), new Window(budget, empty), limit);
        active.put(endpoint, queue);
        return queue;
    }

    private void forgetIfIdle(EndpointQueue queue, long now) {
        if (queue.isIdle(now, limit.most()) && !queue.dirty) {
            queue.first.drop();
            queue.retry.drop();
            active.remove(queue.endpoint);
        }
    }
}
