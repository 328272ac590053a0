package io.posthorn.storage.redis;

import io.posthorn.contract.Books;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * The counts of an endpoint as its queue has them at one moment.
 *
 * @param at that moment, by the times of the store
 * @param counts created, succeeded, failed, cancelled, in flight
 * @param gone of those that ended, how many have no record any more: succeeded, failed, cancelled
 * @param change number of the last change of the queue
 * @param unseen number of the changes that the times in the records do not show
 * @param entries how many stand in q, r, h, j
 * @param quiet whether nothing changed since a look in an earlier millisecond, so that what its records say of this one
 *     came later
 */
record EndpointCounts(
        String endpoint,
        long at,
        List<Long> counts,
        List<Long> gone,
        long change,
        long unseen,
        List<Long> entries,
        boolean quiet) {
    EndpointCounts {
        counts = List.copyOf(counts);
        gone = List.copyOf(gone);
        entries = List.copyOf(entries);
    }

    static EndpointCounts decode(long at, Response row) {
        return new EndpointCounts(
                row.get(0).toString(),
                at,
                numbers(row, 1, 5),
                numbers(row, 6, 3),
                row.get(9).toLong(),
                row.get(10).toLong(),
                numbers(row, 11, 4),
                false);
    }

    private static List<Long> numbers(Response row, int from, int count) {
        Long[] read = new Long[count];
        for (int i = 0; i < count; i++) {
            read[i] = row.get(from + i).toLong();
        }
        return List.of(read);
    }

    /** Whether nothing changed between the two looks. */
    boolean isSameAs(EndpointCounts later) {
        return change == later.change
                && unseen == later.unseen
                && counts.equals(later.counts)
                && gone.equals(later.gone);
    }

    /** This, quiet if it is so since an earlier look. */
    EndpointCounts since(EndpointCounts earlier) {
        return new EndpointCounts(
                endpoint, at, counts, gone, change, unseen, entries, earlier.at < at && earlier.isSameAs(this));
    }

    /** How many stand in the queues. */
    long queued() {
        return entries.get(0) + entries.get(1);
    }

    static Books books(List<Long> counts) {
        long waiting = counts.get(0) - counts.get(1) - counts.get(2) - counts.get(3) - counts.get(4);
        return new Books(counts.get(0), counts.get(1), counts.get(2), counts.get(3), waiting, counts.get(4));
    }
}
