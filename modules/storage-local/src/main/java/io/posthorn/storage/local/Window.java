package io.posthorn.storage.local;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The lowest entries of one class of an endpoint's queue, in memory. All other waiting entries of the class are in the
 * map only, none of them below its floor; a window that is complete holds them all.
 */
final class Window {
    /** The most entries of one window. */
    static final int CAPACITY = 64;

    private final Budget budget;
    private final TreeSet<QueueEntry> entries = new TreeSet<>();
    private boolean complete;
    private @Nullable QueueEntry floor;

    /** Counts the entries of all windows, so that their sum is bounded. */
    static final class Budget {
        private final int limit;
        private int used;

        Budget(int limit) {
            this.limit = limit;
        }

        boolean hasRoom() {
            return used < limit;
        }
    }

    /** @param complete whether the class is known to be empty in the map */
    Window(Budget budget, boolean complete) {
        this.budget = budget;
        this.complete = complete;
    }

    /** Takes in an entry that was just put into the map, or that waits there again. */
    void offer(QueueEntry entry) {
        boolean insideRange = !entries.isEmpty() && entry.compareTo(entries.last()) < 0;
        if (insideRange || complete && entries.size() < CAPACITY && budget.hasRoom()) {
            add(entry);
            if (entries.size() > CAPACITY || entries.size() > 1 && budget.used > budget.limit) {
                leaveToMap(entries.last());
                entries.remove(entries.last());
                budget.used--;
            }
        } else {
            leaveToMap(entry);
        }
    }

    /** Forgets an entry that was taken out of the map. */
    void remove(QueueEntry entry) {
        if (entries.remove(entry)) {
            budget.used--;
        }
    }

    /** The lowest waiting entry; null when there is none, or when {@link #isUnknown()}. */
    @Nullable
    QueueEntry head() {
        return entries.isEmpty() ? null : entries.first();
    }

    @Nullable
    QueueEntry poll() {
        QueueEntry entry = entries.pollFirst();
        if (entry != null) {
            budget.used--;
        }
        return entry;
    }

    /** Whether the lowest entry is to be looked up in the map. */
    boolean isUnknown() {
        return entries.isEmpty() && !complete;
    }

    /**
     * Begins a look-up in the map, whose rows are then taken in by {@link #found}.
     *
     * @return where to begin; null for the beginning of the class
     */
    @Nullable
    QueueEntry beginLookUp() {
        QueueEntry from = floor;
        complete = true;
        floor = null;
        return from;
    }

    /** Takes in the next higher entry that waits in the map; answers whether more are wanted. */
    boolean found(QueueEntry entry, int wanted) {
        if (entries.size() >= wanted) {
            leaveToMap(entry);
            return false;
        }
        add(entry);
        return true;
    }

    /** Gives its share of memory back. */
    void drop() {
        budget.used -= entries.size();
        entries.clear();
        complete = false;
        floor = null;
    }

    private void add(QueueEntry entry) {
        if (entries.add(entry)) {
            budget.used++;
        }
    }

    /**
     * Entries left to the map keep a floor under them. A null floor of an incomplete window is the beginning of the
     * class, which is under everything.
     */
    private void leaveToMap(QueueEntry entry) {
        if (complete) {
            complete = false;
            floor = entry;
        } else if (floor != null && entry.compareTo(floor) < 0) {
            floor = entry;
        }
    }
}
