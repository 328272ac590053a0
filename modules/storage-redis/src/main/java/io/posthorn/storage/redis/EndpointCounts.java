package io.posthorn.storage.redis;

import io.posthorn.contract.Books;
import io.vertx.redis.client.Response;
import java.util.List;

/**
 * The counts of an endpoint as its queue has them.
 *
 * @param counts created, succeeded, failed, cancelled, in flight
 * @param gone of those that ended, how many have no record any more: succeeded, failed, cancelled
 * @param change number of the last change of the queue
 * @param entries how many stand in q, r, h, j
 */
record EndpointCounts(String endpoint, List<Long> counts, List<Long> gone, long change, List<Long> entries) {
    EndpointCounts {
        counts = List.copyOf(counts);
        gone = List.copyOf(gone);
        entries = List.copyOf(entries);
    }

    static EndpointCounts unknown(String endpoint) {
        return new EndpointCounts(endpoint, List.of(0L, 0L, 0L, 0L, 0L), List.of(0L, 0L, 0L), 0, List.of());
    }

    static EndpointCounts decode(Response row) {
        return new EndpointCounts(
                row.get(0).toString(),
                numbers(row, 1, 5),
                numbers(row, 6, 3),
                row.get(9).toLong(),
                numbers(row, 10, 4));
    }

    static List<Long> numbers(Response row, int from, int count) {
        Long[] read = new Long[count];
        for (int i = 0; i < count; i++) {
            read[i] = row.get(from + i).toLong();
        }
        return List.of(read);
    }

    /** Whether nothing changed between the two looks. */
    boolean isSameAs(EndpointCounts later) {
        return change == later.change && counts.equals(later.counts) && gone.equals(later.gone);
    }

    /** What the counts should be by the records, which are succeeded, failed, cancelled, waiting and in flight. */
    List<Long> expected(List<Long> records) {
        long succeeded = records.get(0) + gone.get(0);
        long failed = records.get(1) + gone.get(1);
        long cancelled = records.get(2) + gone.get(2);
        long created = succeeded + failed + cancelled + records.get(3) + records.get(4);
        return List.of(created, succeeded, failed, cancelled, records.get(4));
    }

    static Books books(List<Long> counts) {
        long waiting = counts.get(0) - counts.get(1) - counts.get(2) - counts.get(3) - counts.get(4);
        return new Books(counts.get(0), counts.get(1), counts.get(2), counts.get(3), waiting, counts.get(4));
    }
}
