package io.posthorn.dispatch;

import io.posthorn.contract.EndpointId;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps slow receivers from holding more than their share of this instance's slots. An endpoint is slow while any attempt
 * to it has gone on for longer than {@link UnderWay#SLOW}; then all its attempts count against the share. What is begun
 * before that is known is bounded by the limit of each endpoint's queue. Has an entry for each endpoint with an attempt
 * under way. Verticle context.
 */
final class SlowReceivers {
    private final int share;
    private final Map<EndpointId, Held> held = new HashMap<>();
    private int heldBySlow;

    private static final class Held {
        int attempts;
        int slow;
    }

    /** @param share how many attempts the slow ones may have under way together before they get no more */
    SlowReceivers(int share) {
        this.share = share;
    }

    /** Whether an attempt to it has to wait, because it is slow and the slow ones have their share. */
    boolean mustWait(EndpointId endpoint) {
        if (heldBySlow < share) {
            return false;
        }
        Held own = held.get(endpoint);
        return own != null && own.slow > 0;
    }

    void began(EndpointId endpoint) {
        Held own = held.computeIfAbsent(endpoint, absent -> new Held());
        own.attempts++;
        if (own.slow > 0) {
            heldBySlow++;
        }
    }

    /** An attempt that began goes on for long. */
    void slowed(EndpointId endpoint) {
        Held own = known(endpoint);
        if (own.slow++ == 0) {
            heldBySlow += own.attempts;
        }
    }

    /** An attempt is over that went on for long, or not. */
    void ended(EndpointId endpoint, boolean wasSlow) {
        Held own = known(endpoint);
        if (own.slow > 0) {
            heldBySlow--;
        }
        own.attempts--;
        if (wasSlow && --own.slow == 0) {
            heldBySlow -= own.attempts;
        }
        if (own.attempts == 0) {
            held.remove(endpoint);
        }
    }

    private Held known(EndpointId endpoint) {
        Held own = held.get(endpoint);
        if (own == null) {
            throw new IllegalStateException("no attempt to " + endpoint + " began");
        }
        return own;
    }
}
