package io.posthorn.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The circuit of an endpoint, kept with its queue, for all nodes. While it is open the queue waits; when that time is over
 * one delivery at a time is let through as a probe, which closes it or opens it for longer.
 *
 * @param version one more with each change; the store takes a change only where it knows the version before, so that of
 *     several dispatchers that come to the same conclusion one counts
 * @param openings how often it opened since it was last closed for a good while; 0 before the first time
 * @param since when it entered this state
 * @param until when the next probe may go; null when it is closed
 * @param reason why it is in this state, in words that may be shown to the tenant
 * @param history the latest changes, newest first, at most {@value #MAX_HISTORY}
 */
public record Circuit(
        State state,
        long version,
        int openings,
        Instant since,
        @Nullable Instant until,
        String reason,
        List<Change> history) {
    /** The most changes that are kept. */
    public static final int MAX_HISTORY = 10;

    /** The longest reason. */
    public static final int MAX_REASON = 200;

    /** When a circuit probes that stays open until somebody closes it. */
    public static final Instant BY_HAND_ONLY = Instant.parse("9999-12-31T00:00:00Z");

    private static final int MOST_OPENINGS = 1_000_000;

    /** What may be sent. */
    public enum State {
        /** All that the other limits allow. */
        CLOSED,
        /** Nothing, and from {@link Circuit#until()} on one delivery at a time. */
        OPEN
    }

    /** One change of the state. */
    public record Change(State state, Instant at, String reason) {}

    public Circuit {
        history = Copies.list(history);
        if ((state == State.OPEN) != (until != null)) {
            throw new IllegalArgumentException("an open circuit has a time of its next probe, a closed one has none");
        }
        if (version < 1 || openings < 0) {
            throw new IllegalArgumentException("version and openings of a circuit: " + version + ", " + openings);
        }
        if (reason.length() > MAX_REASON) {
            reason = reason.substring(0, MAX_REASON);
        }
    }

    /** Whether it is open: the next delivery that is handed out is a probe. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The version of a circuit that may not have been stored yet. */
    public static long versionOf(@Nullable Circuit circuit) {
        return circuit == null ? 0 : circuit.version();
    }

    /** Whether there is one, and it is open. */
    public static boolean isBroken(@Nullable Circuit circuit) {
        return circuit != null && circuit.isOpen();
    }

    /**
     * The circuit after it opens, or stays open for longer.
     *
     * @param before null where nothing was stored yet
     * @param openings how often it opened now, this time included
     */
    public static Circuit opened(@Nullable Circuit before, int openings, Instant now, Instant until, String reason) {
        return changed(before, State.OPEN, Math.min(openings, MOST_OPENINGS), now, until, reason);
    }

    /** The circuit after it closes. It remembers how often it had opened. */
    public static Circuit closed(@Nullable Circuit before, Instant now, String reason) {
        return changed(before, State.CLOSED, before == null ? 0 : before.openings(), now, null, reason);
    }

    /** The circuit after it was closed by hand, with nothing remembered but its history. */
    public static Circuit reset(@Nullable Circuit before, Instant now, String reason) {
        return changed(before, State.CLOSED, 0, now, null, reason);
    }

    /** How often it has opened in a row, seen at that time: one that was closed for {@code quiet} begins anew. */
    public static int openingsAt(@Nullable Circuit circuit, Instant now, Duration quiet) {
        if (circuit == null) {
            return 0;
        }
        boolean forgotten =
                circuit.state == State.CLOSED && !circuit.since.plus(quiet).isAfter(now);
        return forgotten ? 0 : circuit.openings;
    }

    private static Circuit changed(
            @Nullable Circuit before, State state, int openings, Instant now, @Nullable Instant until, String reason) {
        List<Change> history = new ArrayList<>();
        history.add(new Change(state, now, reason));
        if (before != null) {
            history.addAll(before.history.subList(0, Math.min(before.history.size(), MAX_HISTORY - 1)));
        }
        return new Circuit(state, versionOf(before) + 1, openings, now, until, reason, history);
    }
}
