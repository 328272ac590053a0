package io.posthorn.contract;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that has not ended, over all endpoints.
 *
 * @param byCause one item for each cause that holds something back
 * @param runningTasks background tasks that have not ended
 */
public record Backlog(Books books, List<Share> byCause, long runningTasks) {
    public Backlog {
        byCause = Copies.list(byCause);
    }

    /** Without background tasks. */
    public Backlog(Books books, List<Share> byCause) {
        this(books, byCause, 0);
    }

    /**
     * What one cause holds back.
     *
     * @param endpoints whose queue's head waits for it
     * @param deliveries that wait in these queues; those in flight under {@link WaitCause#IN_FLIGHT}
     * @param oldestDueAt when the earliest of them was or is due, where that is known
     */
    public record Share(
            WaitCause cause,
            long endpoints,
            long deliveries,
            @Nullable Instant oldestDueAt) {}

    /** Asks for it. */
    public record Ask() {}
}
