package io.posthorn.chaos.run;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the node answered to the load. Any thread. */
public final class Ledger {
    private static final int MAX_REFUSALS = 20;

    private final Set<Pair> promised = ConcurrentHashMap.newKeySet();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> refused = new ConcurrentSkipListMap<>();
    private final Set<String> refusals = new ConcurrentSkipListSet<>();
    private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
    private final AtomicLong slowest = new AtomicLong();

    void accepted(Event event, String message) {
        accepted.add(message);
        event.promisedEndpoints().forEach(endpoint -> promised.add(new Pair(message, endpoint.id())));
    }

    void refused(int status, String text) {
        refused.computeIfAbsent(status, absent -> new LongAdder()).increment();
        if (refusals.size() < MAX_REFUSALS) {
            refusals.add(text);
        }
    }

    void unanswered(String key) {
        unanswered.add(key);
    }

    void took(long nanos) {
        slowest.accumulateAndGet(nanos, Math::max);
    }

    /** Forgets the slowest request, to measure those that follow. */
    public void restartSlowest() {
        slowest.set(0);
    }

    /** How long the slowest request took until its answer, or until it was clear that none would come. */
    public long slowestNanos() {
        return slowest.get();
    }

    /** How many messages were accepted. */
    public int accepted() {
        return accepted.size();
    }

    /** How many (message, endpoint) pairs were promised with them. */
    public int promised() {
        return promised.size();
    }

    /** Requests that were answered with neither success nor an error of the client's, by status. */
    public Map<Integer, Long> refused() {
        Map<Integer, Long> copy = new TreeMap<>();
        refused.forEach((status, count) -> copy.put(status, count.sum()));
        return copy;
    }

    /** What the first of them said. */
    public Set<String> refusals() {
        return Set.copyOf(refusals);
    }

    /** How many requests were refused, whatever the status. */
    public long refusedCount() {
        return refused.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How many events had to be sent again because no answer came. */
    public long unansweredCount() {
        return unanswered.size();
    }

    /** What was promised and has not come. */
    Set<Pair> missing(Receipts receipts, Set<String> deletedEndpoints) {
        Set<Pair> missing = new HashSet<>();
        for (Pair pair : promised) {
            if (!deletedEndpoints.contains(pair.endpoint()) && receipts.of(pair).isEmpty()) {
                missing.add(pair);
            }
        }
        return missing;
    }
}
