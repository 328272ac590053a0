package io.posthorn.storage.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Books;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.api.InFlightLimit;
import org.jspecify.annotations.Nullable;

/** The queue of one endpoint as memory knows it: counts, windows, and what holds it back. Store thread. */
final class EndpointQueue {
    /** When a queue moves on by itself that waits for something else than time. */
    static final long NEVER = Long.MAX_VALUE;

    final ApplicationId application;
    final EndpointId endpoint;
    final byte[] ledgerKey;
    final Window first;
    final Window retry;

    /** Ended and created deliveries; open ones follow from them. */
    Ledger ledger;

    int inFlight;

    private final InFlightLimit usual;
    private int cap;
    private int allowed;

    /** Settings as stored; null until asked for, and after removal. */
    @Nullable
    Endpoint settings;

    /** Whether it stands in a {@link TurnRing}. */
    boolean inRing;

    /** When it is to be looked at again, as entered in {@link WakeList}; {@link #NEVER} when it is not. */
    long wakeAt = NEVER;

    /** Whether its ledger changed in the group being built. */
    boolean dirty;

    EndpointQueue(Ledger ledger, EndpointId endpoint, Window first, Window retry, InFlightLimit limit) {
        this.application = ledger.application();
        this.endpoint = endpoint;
        this.ledgerKey = Keys.bare(endpoint.value());
        this.ledger = ledger;
        this.first = first;
        this.retry = retry;
        this.usual = limit;
        this.cap = limit.most();
        this.allowed = limit.first();
    }

    /** How many may be in flight now; while its circuit is open, one: the probe. */
    int limit() {
        return Circuit.isBroken(ledger.circuit()) ? 1 : Math.min(most(), allowed);
    }

    /** The most that may be in flight: the cap of the queue or, where it is less, what the endpoint asks for. */
    private int most() {
        @Nullable Integer own = settings == null ? null : settings.sending().maxInFlight();
        return own == null ? cap : Math.min(cap, own);
    }

    /**
     * Up to how many in flight retries may come: half, so that fresh events find room beside a backlog. Of an odd limit the
     * larger half: less of it would be too little used for the limit to grow, and a backlog alone would stay there for ever.
     */
    int retryLimit() {
        return limit() - limit() / 2;
    }

    /**
     * Its circuit becomes this one; while it is open the queue waits, and when it closes as many as before anything was
     * known come back one by one. Answers whether it did: only what follows the version that is known counts.
     *
     * @param until when the next probe may go, in the store's own time; 0 when it is closed
     */
    @CanIgnoreReturnValue
    boolean circuit(Circuit circuit, long until) {
        if (circuit.version() != Circuit.versionOf(ledger.circuit()) + 1) {
            return false;
        }
        ledger = ledger.withCircuit(circuit);
        if (circuit.isOpen()) {
            boolean later = until > ledger.parkedUntil() || ledger.parkCause() == WaitCause.CIRCUIT_OPEN;
            ledger = later ? ledger.parked(until, WaitCause.CIRCUIT_OPEN, 1) : ledger;
        } else {
            allowed = 1;
            boolean held = ledger.parkCause() == WaitCause.CIRCUIT_OPEN;
            ledger = held ? ledger.parked(0, WaitCause.READY, 0) : ledger;
        }
        return true;
    }

    /** Where a delivery stands that is made now: behind fresh ones when it waits for the circuit to close. */
    QueueClass classOfNew() {
        return Circuit.isBroken(ledger.circuit()) ? QueueClass.RETRY : QueueClass.FIRST;
    }

    /** Sets the most that may be in flight, and begins anew. */
    void limit(int most) {
        cap = most;
        allowed = begin();
    }

    private int begin() {
        return cap == usual.most() ? usual.first() : cap;
    }

    /** A delivery of it, in flight no more, ended so or waits again. */
    void learn(@Nullable Attempt attempt) {
        allowed = ledger.open() == 0 ? begin() : InFlightLimit.learned(allowed, most(), inFlight, attempt);
    }

    Window window(QueueClass queueClass) {
        return queueClass == QueueClass.FIRST ? first : retry;
    }

    /** How many deliveries wait, those in flight not counted. */
    long waiting() {
        return ledger.open() - inFlight;
    }

    Books books() {
        return ledger.books(inFlight);
    }

    boolean isEnabled() {
        return settings != null && !settings.disabled() && !ledger.removed();
    }

    boolean hasUnknownHead() {
        return first.isUnknown() || retry.isUnknown();
    }

    /** Whether another retry may go beside what is in flight. */
    private boolean retriesMayGo() {
        return inFlight < retryLimit();
    }

    /**
     * When its next delivery may go as far as time and its own room decide: 0 when its head has to be looked up,
     * {@link #NEVER} when it waits for room.
     */
    long claimableAt() {
        if (waiting() <= 0 || !isEnabled() || inFlight >= limit()) {
            return NEVER;
        }
        long at = first.isUnknown() ? 0 : dueOf(first.head());
        if (retriesMayGo()) {
            at = Math.min(at, retry.isUnknown() ? 0 : dueOf(retry.head()));
        }
        return at;
    }

    private static long dueOf(@Nullable QueueEntry head) {
        return head == null ? NEVER : head.due();
    }

    /** When the earliest known delivery is due; {@link #NEVER} when none is known. */
    long headDue() {
        return Math.min(dueOf(first.head()), dueOf(retry.head()));
    }

    /** The entry to hand out next, removed from its window; null when none is due, or only retries and they have their share. */
    @Nullable
    QueueEntry pollDue(long now) {
        QueueEntry head = first.head();
        if (head != null && head.due() <= now) {
            return first.poll();
        }
        head = retriesMayGo() ? retry.head() : null;
        return head != null && head.due() <= now ? retry.poll() : null;
    }

    /** Until when it is parked; 0 when it is not. */
    long parkedUntil(long now) {
        return ledger.parkedUntil() > now ? ledger.parkedUntil() : 0;
    }

    /** Why its head waits. */
    WaitCause cause(long now) {
        if (!isEnabled()) {
            return WaitCause.ENDPOINT_DISABLED;
        }
        if (parkedUntil(now) > 0) {
            return ledger.parkCause();
        }
        if (waiting() <= 0 && inFlight > 0) {
            return WaitCause.IN_FLIGHT;
        }
        if (claimableAt() == NEVER) {
            return WaitCause.CONCURRENCY_FULL;
        }
        return headDue() > now && !hasUnknownHead() ? WaitCause.DUE_LATER : WaitCause.READY;
    }

    /** Whether memory need not know it any more. */
    boolean isIdle(long now, int defaultCap) {
        return ledger.open() == 0 && !inRing && wakeAt == NEVER && cap == defaultCap && parkedUntil(now) == 0;
    }
}
