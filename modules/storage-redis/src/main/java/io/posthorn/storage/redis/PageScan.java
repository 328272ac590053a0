package io.posthorn.storage.redis;

import io.posthorn.contract.PageRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page of a list that is kept in the order of its names, a part at a time, until enough of what is wanted has
 * come. Used once.
 */
final class PageScan<T> {
    private static final int MOST_AT_ONCE = 500;

    private final PageRequest page;
    private final Part<T> part;
    private final List<T> items = new ArrayList<>();
    private boolean done = true;
    private Range next = new Range("-", "+", false, 0);

    /**
     * Where to read.
     *
     * @param low the bound of the lowest name as in {@code ZRANGEBYLEX}; likewise {@code high}
     */
    record Range(String low, String high, boolean down, int count) {}

    /**
     * What was read.
     *
     * @param item null where it is not wanted
     */
    record Row<T>(String name, @Nullable T item) {}

    /**
     * A part of a range.
     *
     * @param end whether the range has no more
     */
    record Rows<T>(List<Row<T>> rows, boolean end) {
        Rows {
            rows = List.copyOf(rows);
        }
    }

    /** Reads the beginning of a range: as many rows as that, or fewer. */
    @FunctionalInterface
    interface Part<T> {
        Future<Rows<T>> read(Range range);
    }

    PageScan(PageRequest page, Part<T> part) {
        this.page = page;
        this.part = part;
    }

    /**
     * Reads {@code low <= name < high}.
     *
     * @param from the name beside which the page begins, or null
     * @return completes with this when the page is full or the list at its end
     */
    Future<PageScan<T>> read(@Nullable String low, @Nullable String high, @Nullable String from) {
        boolean down = page.ascending() == page.backwards();
        String lower = low == null ? "-" : "[" + low;
        String upper = high == null ? "+" : "(" + high;
        if (from != null && !down && (low == null || from.compareTo(low) >= 0)) {
            lower = "(" + from;
        } else if (from != null && down && (high == null || from.compareTo(high) < 0)) {
            upper = "(" + from;
        }
        next = new Range(lower, upper, down, page.limit() + 1);
        return Steps.whileMore(() -> readOn(next)).map(read -> {
            if (page.backwards()) {
                Collections.reverse(items);
            }
            return this;
        });
    }

    /** Completes with whether the next range is to be read. */
    private Future<Boolean> readOn(Range range) {
        return part.read(range).map(read -> {
            List<Row<T>> rows = read.rows();
            for (Row<T> row : rows) {
                if (row.item() == null) {
                    continue;
                }
                if (items.size() == page.limit()) {
                    done = false;
                    break;
                }
                items.add(row.item());
            }
            if (!done || read.end() || rows.isEmpty()) {
                return false;
            }
            String last = "(" + rows.get(rows.size() - 1).name();
            int more = Math.min(MOST_AT_ONCE, range.count() * 2);
            next = range.down() ? new Range(range.low(), last, true, more) : new Range(last, range.high(), false, more);
            return true;
        });
    }

    /** The items in the list's order. */
    List<T> items() {
        return items;
    }

    /** Whether the list ends with this page, in the direction that was read. */
    boolean done() {
        return done;
    }
}
