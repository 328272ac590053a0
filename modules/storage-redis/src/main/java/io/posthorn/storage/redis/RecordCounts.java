package io.posthorn.storage.redis;

import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * What the records of an endpoint add up to at the moment at which its counts were read, though the records are read later:
 * each says when it came into its state. One thread at a time.
 */
final class RecordCounts {
    /** Created, succeeded, failed, cancelled. */
    private static final int KINDS = 4;

    /** Before that moment, at it to the millisecond, after it. */
    private static final int TIMES = 3;

    private final long[] numbers = new long[KINDS * TIMES];
    private long unreadable;
    private long astray;

    /** Adds what a script counted. */
    void add(Response row) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += row.get(i + 1).toLong();
        }
        unreadable += row.get(numbers.length + 1).toLong();
    }

    /** Deliveries that wait, but do not stand in a queue, or, below zero, entries of a queue that do not belong there. */
    void addAstray(long more) {
        astray += more;
    }

    /**
     * What the counts should be.
     *
     * @param least created, succeeded, failed, cancelled, in flight; likewise {@code most}. They differ where something
     *     happened that the records do not show.
     */
    record Range(List<Long> least, List<Long> most) {
        Range {
            least = List.copyOf(least);
            most = List.copyOf(most);
        }

        boolean isExact() {
            return least.equals(most);
        }

        boolean holds(List<Long> counts) {
            for (int i = 0; i < counts.size(); i++) {
                if (counts.get(i) < least.get(i) || counts.get(i) > most.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Whether there are records that cannot be read, so that nothing can be compared. */
    boolean isUnsure() {
        return unreadable > 0;
    }

    /**
     * What the counts should be.
     *
     * @param then at the moment for which the records were counted
     * @param now after the records were read
     */
    Range expected(EndpointCounts then, EndpointCounts now) {
        boolean rested = then.isSameAs(now);
        List<Long> least = new ArrayList<>();
        List<Long> most = new ArrayList<>();
        long unseen = now.unseen() - then.unseen();
        long removed = 0;
        long gone = 0;
        for (int kind = 1; kind < KINDS; kind++) {
            long before = then.gone().get(kind - 1);
            long went = now.gone().get(kind - 1) - before;
            gone += before;
            removed += went;
            add(kind, then, rested, before, unseen, unseen + went, least, most);
        }
        List<Long> createdLeast = new ArrayList<>();
        List<Long> createdMost = new ArrayList<>();
        add(0, then, rested, gone, unseen, unseen + removed, createdLeast, createdMost);
        least.addAll(0, createdLeast);
        most.addAll(0, createdMost);
        // Those in flight are the rest: neither ended nor in a queue.
        List<Long> base = least.equals(most) ? least : then.counts();
        long inFlight = base.get(0) - base.get(1) - base.get(2) - base.get(3) - then.queued() - astray;
        least.add(inFlight);
        most.add(inFlight);
        return new Range(least, most);
    }

    private void add(
            int kind,
            EndpointCounts then,
            boolean rested,
            long gone,
            long fewer,
            long more,
            List<Long> least,
            List<Long> most) {
        int first = kind * TIMES;
        long surely = numbers[first] + gone + (rested ? numbers[first + 1] + numbers[first + 2] : 0);
        least.add(surely - fewer);
        most.add(surely + (rested || then.quiet() ? 0 : numbers[first + 1]) + more);
    }
}
