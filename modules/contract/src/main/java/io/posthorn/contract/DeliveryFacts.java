package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store knows of one delivery at one moment, from which follows why it waits.
 *
 * @param at the moment
 * @param queue the queue of its endpoint
 * @param place where it stands; null at an end
 * @param hold who has it; null unless it is in flight, and then only where the hold ended while it was looked for
 */
public record DeliveryFacts(
        Instant at,
        Delivery delivery,
        QueueState queue,
        @Nullable Place place,
        @Nullable Hold hold) {
    /** As far as deliveries that stand before another are counted. */
    public static final int MOST_BEFORE = 1_000;

    /**
     * A place in a queue.
     *
     * @param retry whether it stands among the retries, so that first attempts that are due go before it
     * @param trigger of its next attempt
     * @param before how many that wait are handed out before it, as the queue stands; {@value #MOST_BEFORE} + 1 when
     *     there are more; 0 while it is in flight
     */
    public record Place(boolean retry, Trigger trigger, int before) {
        public Place {
            if (before < 0 || before > MOST_BEFORE + 1) {
                throw new IllegalArgumentException("before: " + before + " (expected: 0 to " + (MOST_BEFORE + 1) + ")");
            }
        }

        /** The same place, with so many before it, as far as they are counted. */
        public Place behind(long count) {
            return new Place(retry, trigger, (int) Math.min(count, MOST_BEFORE + 1));
        }

        /** Whether more stand before it than are counted. */
        public boolean isBehindMore() {
            return before > MOST_BEFORE;
        }
    }

    /**
     * The hold of a dispatcher.
     *
     * @param since when it was claimed; null when that was by a version that did not store it
     * @param until when it goes back to its queue if nothing was heard of it
     */
    public record Hold(NodeId node, @Nullable Instant since, Instant until) {}

    /**
     * What a delivery waits for.
     *
     * @param until until when, where that is known
     */
    public record Wait(WaitCause cause, @Nullable Instant until) {}

    /** What it waits for; null at an end. */
    public @Nullable Wait waitsFor() {
        if (delivery.state().isEnd()) {
            return null;
        }
        if (delivery.state() == DeliveryState.IN_FLIGHT) {
            return new Wait(WaitCause.IN_FLIGHT, hold == null ? null : hold.until());
        }
        if (queue.cause() == WaitCause.ENDPOINT_DISABLED) {
            return new Wait(WaitCause.ENDPOINT_DISABLED, null);
        }
        Instant due = delivery.dueAt();
        Instant parked = queue.cause() == WaitCause.DUE_LATER ? null : queue.until();
        if (parked != null && (due == null || !due.isAfter(parked))) {
            return new Wait(queue.cause(), parked);
        }
        if (due != null && due.isAfter(at)) {
            return new Wait(WaitCause.DUE_LATER, due);
        }
        return new Wait(isWithoutRoom() ? WaitCause.CONCURRENCY_FULL : WaitCause.READY, null);
    }

    /** Retries go only while less than half of what may be in flight is. */
    private boolean isWithoutRoom() {
        long room = queue.inFlightLimit() - queue.books().inFlight();
        boolean retry = place != null && place.retry();
        return room <= 0 || (retry && queue.books().inFlight() >= queue.inFlightLimit() - queue.inFlightLimit() / 2);
    }
}
