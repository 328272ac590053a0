package io.posthorn.storage.local;

import io.posthorn.contract.PageRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one page of a list out of a range of rows. */
final class PageScan<T> {
    private final PageRequest page;
    private final List<T> items = new ArrayList<>();
    private boolean done = true;

    PageScan(PageRequest page) {
        this.page = page;
    }

    /** Makes an item of a row; null leaves it out. */
    @FunctionalInterface
    interface Row<T> {
        @Nullable
        T item(byte[] key, byte[] value) throws IOException;
    }

    /**
     * Reads rows of {@code low <= key < high} in the direction of the page until it is full.
     *
     * @param from the key beside which the page begins, or null
     */
    void read(OrderedMap map, Table table, byte[] low, byte[] high, byte @Nullable [] from, Row<T> row)
            throws IOException {
        boolean down = page.ascending() == page.backwards();
        byte[] lower = from != null && !down ? Keys.next(from) : low;
        byte[] upper = from != null && down ? from : high;
        map.scan(table, lower, upper, down, (key, value) -> {
            T item = row.item(key, value);
            if (item == null) {
                return true;
            }
            if (items.size() == page.limit()) {
                done = false;
                return false;
            }
            items.add(item);
            return true;
        });
        if (page.backwards()) {
            Collections.reverse(items);
        }
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
