package io.posthorn.testkit;

import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One delivery as {@link QueueModel} sees it. */
final class ModelDelivery {
    private final DeliveryKey key;
    private State now;
    private final List<State> forgettable = new ArrayList<>();
    private long highestFence;
    private boolean ambiguous;

    /** Results under lower fences count no more, whatever a crash has left. */
    private long overBelow;

    /**
     * What can change.
     *
     * @param retry whether it waits in the class of retries
     * @param loose whether its place inside its endpoint's queue is not told: moved to the front, or returned by a lease
     * @param open whether a result under the last fence still counts
     */
    private record State(
            DeliveryState state,
            int attempts,
            Instant dueAt,
            boolean retry,
            boolean loose,
            boolean open,
            long fence,
            Instant leaseUntil) {}

    ModelDelivery(DeliveryKey key, Instant dueAt) {
        this.key = key;
        this.now = new State(DeliveryState.WAITING, 0, dueAt, false, false, false, 0, Instant.EPOCH);
    }

    DeliveryKey key() {
        return key;
    }

    DeliveryState state() {
        return now.state();
    }

    int attempts() {
        return now.attempts();
    }

    Instant dueAt() {
        return now.dueAt();
    }

    boolean isRetry() {
        return now.retry();
    }

    boolean isLoose() {
        return now.loose();
    }

    long highestFence() {
        return highestFence;
    }

    boolean isWaiting() {
        return now.state() == DeliveryState.WAITING;
    }

    boolean isInFlight() {
        return now.state() == DeliveryState.IN_FLIGHT;
    }

    /** Whether what a result under this claim does is told by the contract. */
    boolean canTell(ClaimedDelivery claim) {
        return !ambiguous || claim.fence() < Math.min(overBelow, now.fence());
    }

    void claimed(ClaimedDelivery claim) {
        highestFence = claim.fence();
        overBelow = claim.fence();
        ambiguous = false;
        become(new State(
                DeliveryState.IN_FLIGHT,
                now.attempts(),
                now.dueAt(),
                now.retry(),
                now.loose(),
                true,
                claim.fence(),
                claim.leaseUntil()));
    }

    /** A lease that is over puts it back where it was, its place among others untold. */
    void expire(Instant moment) {
        if (isOver(now, moment)) {
            become(putBack(now, moment));
        }
    }

    /** By hand it goes to the front, and counts as fresh from then on. */
    void resent(Instant moment) {
        if (isWaiting()) {
            ambiguous = now.open();
        }
        become(new State(
                DeliveryState.WAITING,
                now.attempts(),
                moment,
                false,
                true,
                isWaiting() && now.open(),
                now.fence(),
                now.leaseUntil()));
    }

    SettleOutcome settled(ClaimedDelivery claim, Settlement.Verdict verdict, Instant moment) {
        if (!now.open() || claim.fence() != now.fence()) {
            return SettleOutcome.FENCED;
        }
        if (verdict instanceof Settlement.Verdict.Succeeded) {
            end(DeliveryState.SUCCEEDED, 1, moment);
        } else if (verdict instanceof Settlement.Verdict.Exhausted) {
            end(DeliveryState.FAILED, 1, moment);
        } else if (verdict instanceof Settlement.Verdict.Cancelled) {
            end(DeliveryState.CANCELLED, 0, moment);
        } else if (verdict instanceof Settlement.Verdict.Retry retry) {
            wait(retry.at(), 1, true, false);
        } else if (verdict instanceof Settlement.Verdict.Deferred deferred) {
            // One that was moved to the front by hand may keep its place there.
            wait(deferred.until(), 0, now.retry(), now.loose());
        }
        return SettleOutcome.SETTLED;
    }

    /** From here on no crash may forget what happened so far. */
    void remember() {
        forgettable.clear();
    }

    /**
     * Takes over what an engine knows after a crash, if that is something it may know. Two moments can have the same state
     * and number of attempts, such as before a claim and after it was put back untried: then the due time tells which of
     * them it is. Of what a crash has left in flight, a lease that is over by now puts it back.
     */
    boolean adopt(Delivery found, Instant moment) {
        for (int i = forgettable.size() - 1; i >= 0; i--) {
            if (isOver(forgettable.get(i), moment)) {
                forgettable.add(i + 1, putBack(forgettable.get(i), moment));
            }
        }
        forgettable.stream()
                .filter(state -> matches(state, found))
                .forEach(state -> overBelow = Math.min(overBelow, state.fence()));
        if (matches(now, found) && (isInPlace(now, found) || !isForgotten(found))) {
            // A store that starts anew need not know any more whose late result would still count.
            ambiguous = ambiguous || !forgettable.isEmpty() || (isWaiting() && now.open());
            forgettable.clear();
            return true;
        }
        return goBackTo(found, true) || goBackTo(found, false);
    }

    private boolean isForgotten(Delivery found) {
        return forgettable.stream().anyMatch(state -> matches(state, found) && isInPlace(state, found));
    }

    private boolean goBackTo(Delivery found, boolean inPlace) {
        for (int i = forgettable.size() - 1; i >= 0; i--) {
            State state = forgettable.get(i);
            if (matches(state, found) && (!inPlace || isInPlace(state, found))) {
                now = state;
                ambiguous = true;
                forgettable.clear();
                return true;
            }
        }
        return false;
    }

    private static boolean isOver(State state, Instant moment) {
        return state.state() == DeliveryState.IN_FLIGHT && !state.leaseUntil().isAfter(moment);
    }

    private static State putBack(State state, Instant moment) {
        return new State(
                DeliveryState.WAITING,
                state.attempts(),
                moment,
                state.retry(),
                true,
                true,
                state.fence(),
                state.leaseUntil());
    }

    private static boolean matches(State state, Delivery found) {
        return state.state() == found.state() && state.attempts() == found.attempts();
    }

    private static boolean isInPlace(State state, Delivery found) {
        return state.loose() || found.dueAt() == null || found.dueAt().equals(state.dueAt());
    }

    private void end(DeliveryState end, int attempts, Instant moment) {
        become(new State(end, now.attempts() + attempts, moment, false, false, false, now.fence(), now.leaseUntil()));
    }

    private void wait(Instant until, int attempts, boolean retry, boolean loose) {
        become(new State(
                DeliveryState.WAITING,
                now.attempts() + attempts,
                until,
                retry,
                loose,
                false,
                now.fence(),
                now.leaseUntil()));
    }

    private void become(State next) {
        forgettable.add(now);
        now = next;
    }

    @Override
    public String toString() {
        return key.message() + " " + now + (ambiguous ? " ambiguous" : "");
    }
}
