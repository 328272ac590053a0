package io.posthorn.storage.local;

import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is in flight, under which lease. Changed on the store thread; {@link #holds} may be asked on any. */
final class Leases {
    private static final int MAX_OVERDUE = 50_000;

    private final Map<DeliveryKey, Flight> flights = new ConcurrentHashMap<>();
    private final TreeSet<Lease> byEnd = new TreeSet<>();

    /** What went back to its queue because its lease ended, and was not claimed since: a late result still counts. */
    private final Map<DeliveryKey, Flight> overdue = new LinkedHashMap<>();

    /** One delivery in flight. */
    record Flight(Lease lease, QueueEntry entry, EndpointQueue queue) {}

    /** Holds a delivery under a lease that is being filled. */
    void hold(Lease lease, Lease.Held held, EndpointQueue queue, WriteSet writes) {
        lease.add(held);
        forgetOverdue(held.key(), writes);
        flights.put(held.key(), new Flight(lease, held.entry(), queue));
        queue.inFlight++;
    }

    /** The lease is filled: its end counts from now on. */
    void grant(Lease lease, WriteSet writes) {
        if (!lease.deliveries().isEmpty()) {
            byEnd.add(lease);
            writes.put(Table.LEASE, Keys.lease(lease.fence()), lease.encode());
        }
    }

    /**
     * Takes up a stored lease again, with those of its deliveries that still stand in their queues.
     *
     * @param queues beside the deliveries; null where one has left its queue
     */
    void recover(Lease lease, List<@Nullable EndpointQueue> queues, WriteSet writes) {
        byEnd.add(lease);
        for (int i = 0; i < queues.size(); i++) {
            EndpointQueue queue = queues.get(i);
            Lease.Held held = lease.deliveries().get(i);
            if (queue == null || flights.containsKey(held.key())) {
                letGo(lease, writes);
            } else {
                flights.put(held.key(), new Flight(lease, held.entry(), queue));
                queue.inFlight++;
            }
        }
    }

    @Nullable
    Flight find(DeliveryKey key) {
        return flights.get(key);
    }

    boolean holds(DeliveryKey key) {
        return flights.containsKey(key);
    }

    int size() {
        return flights.size();
    }

    /** What is in flight now. */
    Map<DeliveryKey, Flight> flights() {
        return Map.copyOf(flights);
    }

    /** Every lease whose row must stand, by its fence. */
    Map<Long, Lease> standing() {
        Map<Long, Lease> standing = new HashMap<>();
        byEnd.forEach(lease -> standing.put(lease.fence(), lease));
        overdue.values().forEach(flight -> standing.put(flight.lease().fence(), flight.lease()));
        return standing;
    }

    /** Takes a delivery out; the row of its lease goes with the last one. */
    void release(DeliveryKey key, Flight flight, WriteSet writes) {
        flights.remove(key);
        flight.queue().inFlight--;
        letGo(flight.lease(), writes);
    }

    private void letGo(Lease lease, WriteSet writes) {
        if (lease.letOneGo()) {
            byEnd.remove(lease);
            writes.delete(Table.LEASE, Keys.lease(lease.fence()));
        }
    }

    /** Its place and its row stay as they were, by which a restart tells what a lease holds: the lease must not name it. */
    void leaveOut(DeliveryKey key, Lease lease, WriteSet writes) {
        lease.leaveOut(key);
        if (lease.holdsAny()) {
            writes.put(Table.LEASE, Keys.lease(lease.fence()), lease.encode());
        }
    }

    /** When the earliest lease ends; {@link EndpointQueue#NEVER} when there is none. */
    long nextEnd() {
        return byEnd.isEmpty() ? EndpointQueue.NEVER : byEnd.first().until();
    }

    /**
     * Takes out what is held under leases that have ended. The row of a lease stays until each of its deliveries was
     * claimed again or has ended, so that a restart, too, knows whose late results still count.
     */
    List<Flight> expire(long now, WriteSet writes) {
        List<Flight> expired = new ArrayList<>();
        while (!byEnd.isEmpty() && byEnd.first().until() <= now) {
            end(byEnd.first(), expired);
        }
        boundOverdue(writes);
        return expired;
    }

    /** The same for every lease of a node that is gone, although their time is not over. */
    List<Flight> release(NodeId node, WriteSet writes) {
        List<Flight> released = new ArrayList<>();
        byEnd.stream().filter(lease -> lease.node().equals(node)).toList().forEach(lease -> end(lease, released));
        boundOverdue(writes);
        return released;
    }

    private void end(Lease lease, List<Flight> ended) {
        byEnd.remove(lease);
        for (Lease.Held held : lease.deliveries()) {
            Flight flight = flights.get(held.key());
            if (flight != null && flight.lease().fence() == lease.fence()) {
                flights.remove(held.key());
                flight.queue().inFlight--;
                ended.add(flight);
                overdue.put(held.key(), flight);
            }
        }
    }

    private void boundOverdue(WriteSet writes) {
        while (overdue.size() > MAX_OVERDUE) {
            forgetOverdue(overdue.keySet().iterator().next(), writes);
        }
    }

    /** Takes out what waits again after its lease ended and was not claimed since; null when it is not so. */
    @Nullable
    Flight takeOverdue(DeliveryKey key, long fence, WriteSet writes) {
        Flight flight = overdue.get(key);
        if (flight == null || flight.lease().fence() != fence) {
            return null;
        }
        forgetOverdue(key, writes);
        return flight;
    }

    /** It was claimed again, or moved in its queue or left it: a late result does not count any more. */
    void forgetOverdue(DeliveryKey key, WriteSet writes) {
        Flight flight = overdue.remove(key);
        if (flight != null) {
            letGo(flight.lease(), writes);
        }
    }
}
