package io.posthorn.storage.local;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tables of rows ordered by unsigned bytes of their keys. Reads may run on any thread beside one writer, and see whole
 * write sets only. An {@link IOException} of a write leaves it open whether it happened: the map must be closed and
 * opened again.
 */
interface OrderedMap extends RowView {
    /** Writes all or nothing. With flush, returns only when it survives a loss of power, if this map can do that. */
    void write(WriteSet writes, boolean flush) throws IOException;

    /** About how many rows a table has. This way of finding out looks at each. */
    default long estimatedRows(Table table) throws IOException {
        long[] rows = {0};
        scan(table, new byte[0], Keys.after(new byte[0]), false, (key, value) -> {
            rows[0]++;
            return true;
        });
        return rows[0];
    }

    /** All rows as they stand now. */
    Frozen snapshot() throws IOException;

    /**
     * Says that rows were removed or became smaller, so that their space is given back when that is worth its cost.
     * Returns at once.
     *
     * @param bytes about how many became free in that range since it was said last
     */
    default void freed(Table table, byte[] from, byte[] to, long bytes) {}

    /** What was found when it was opened and an operator should know; null when nothing was. */
    default @Nullable String notice() {
        return null;
    }

    /** Lets all go. */
    void close();

    /** Looks at one row. */
    @FunctionalInterface
    interface Visitor {
        /** Whether to go on. */
        boolean visit(byte[] key, byte[] value) throws IOException;
    }

    /** Opens the map anew, after a failure as well. */
    @FunctionalInterface
    interface Opener {
        /** Opens what was there; fails when it is not usable now. */
        OrderedMap open() throws IOException;
    }
}
