package io.posthorn.storage.local;

import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.Trigger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Gathers what is known of one delivery. */
final class Explainer {
    private final OrderedMap map;
    private final HistoryReader history;
    private final Leases leases;
    private final SteadyTime time;

    /**
     * What the store thread saw.
     *
     * @param facts complete but for what stands before it
     * @param entry where it waits; null when it does not
     * @param now in milliseconds since 1970
     */
    record Seen(DeliveryFacts facts, @Nullable QueueEntry entry, long now) {}

    Explainer(OrderedMap map, HistoryReader history, Leases leases, SteadyTime time) {
        this.map = map;
        this.history = history;
        this.leases = leases;
        this.time = time;
    }

    /** Reads some rows by their keys, at one moment. Store thread. */
    Seen look(DeliveryKey key, QueueState queue, long now) throws IOException {
        DeliveryRow row = history.delivery(key);
        Leases.Flight flight = leases.find(key);
        QueueEntry entry = row.state().isEnd() ? null : flight == null ? waiting(key, row) : flight.entry();
        DeliveryFacts facts = new DeliveryFacts(
                time.wall(now),
                row.withTimes(-time.ahead()).delivery(key, flight != null),
                queue,
                entry == null ? null : place(entry),
                flight == null ? null : hold(flight.lease()));
        return new Seen(facts, flight == null ? entry : null, now);
    }

    private QueueEntry waiting(DeliveryKey key, DeliveryRow row) throws IOException {
        QueueEntry place =
                new QueueEntry(row.queueClass(), row.due(), key.message(), row.attempts(), Trigger.SCHEDULED);
        byte[] value = map.get(Table.QUEUE, Keys.queue(key.endpoint(), place));
        return value == null ? place : QueueEntry.of(row.queueClass(), row.due(), key.message(), value);
    }

    private static DeliveryFacts.Place place(QueueEntry entry) {
        return new DeliveryFacts.Place(entry.queueClass() == QueueClass.RETRY, entry.trigger(), 0);
    }

    private DeliveryFacts.Hold hold(Lease lease) {
        Instant since = lease.since() == 0 ? null : time.wall(lease.since());
        return new DeliveryFacts.Hold(lease.node(), since, time.wall(lease.until()));
    }

    /** Counts what stands before it, as far as it is counted. Any thread that may block. */
    DeliveryFacts withPlace(Seen seen) throws IOException {
        DeliveryFacts facts = seen.facts();
        DeliveryFacts.Place place = facts.place();
        QueueEntry entry = seen.entry();
        if (place == null || entry == null) {
            return facts;
        }
        DeliveryKey key = facts.delivery().key();
        byte[] lane = Keys.queue(key.endpoint(), entry.queueClass());
        int before = count(key, lane, Keys.queue(key.endpoint(), entry));
        // First attempts that are due go before all retries; a retry goes before one only where that is due later.
        boolean retry = entry.queueClass() == QueueClass.RETRY;
        if (retry || entry.due() > seen.now()) {
            byte[] other = Keys.queue(key.endpoint(), retry ? QueueClass.FIRST : QueueClass.RETRY);
            long dueBefore = retry ? Math.max(seen.now(), entry.due()) + 1 : entry.due();
            byte[] end = ByteBuffer.allocate(Long.BYTES).putLong(dueBefore).array();
            before += count(key, other, Keys.concat(other, end));
        }
        return new DeliveryFacts(facts.at(), facts.delivery(), facts.queue(), place.behind(before), facts.hold());
    }

    private int count(DeliveryKey of, byte[] from, byte[] to) throws IOException {
        int[] waiting = {0};
        map.scan(Table.QUEUE, from, to, false, (key, value) -> {
            QueueEntry entry = Keys.queueEntry(key, value);
            if (!leases.holds(new DeliveryKey(of.application(), of.endpoint(), entry.message()))) {
                waiting[0]++;
            }
            return waiting[0] <= DeliveryFacts.MOST_BEFORE;
        });
        return waiting[0];
    }
}
