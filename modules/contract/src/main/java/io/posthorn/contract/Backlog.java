package io.posthorn.contract;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that has not ended, over all endpoints.
 *
 * @param byCause one item for each cause that holds something back
 * @param runningTasks background tasks that have not ended
 * @param worst the applications that have waited longest, as many as were asked for
 */
public record Backlog(Books books, List<Share> byCause, long runningTasks, List<Part> worst) {
    public Backlog {
        byCause = Copies.list(byCause);
        worst = Copies.list(worst);
    }

    /** Without background tasks and applications. */
    public Backlog(Books books, List<Share> byCause) {
        this(books, byCause, 0, List.of());
    }

    /** The part of one application, as {@link #byCause}. */
    public record Part(ApplicationId application, List<Share> byCause) {
        public Part {
            byCause = Copies.list(byCause);
        }

        /** When the earliest was due that is kept back, what is due later not counted; null when there is none. */
        @Nullable
        Instant oldest() {
            return byCause.stream()
                    .filter(share -> share.cause() != WaitCause.DUE_LATER)
                    .map(Share::oldestDueAt)
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    /** Those parts that have something kept back, the ones with the oldest first, at most so many. */
    public static List<Part> worst(Collection<Part> parts, int most) {
        return parts.stream()
                .filter(part -> part.oldest() != null)
                .sorted(Comparator.comparing(Part::oldest, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(part -> part.application().value()))
                .limit(most)
                .toList();
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

    /**
     * Asks for it.
     *
     * @param applications how many of the applications that have waited longest are named, 0 to {@value #MOST}; with any,
     *     the sums of each application with something open are held for the time of counting
     */
    public record Ask(int applications) {
        /** The most applications that are named. */
        public static final int MOST = 100;

        public Ask {
            if (applications < 0 || applications > MOST) {
                throw new IllegalArgumentException("applications: " + applications + " (expected: 0 to " + MOST + ")");
            }
        }
    }

    /** Asks for the part of one application; answered by {@link OfApplication}, empty where nothing is known of it. */
    public record AskApplication(ApplicationId application) {}

    /**
     * What has not ended of one application. Deliveries of its deleted endpoints, which the next sweep withdraws, are not
     * in it.
     *
     * @param at the moment, as exact as looking at some hundred endpoints at a time allows
     * @param byCause one item for each cause that holds something back
     */
    public record OfApplication(Instant at, List<Share> byCause) {
        public OfApplication {
            byCause = Copies.list(byCause);
        }
    }
}
