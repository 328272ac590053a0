package io.posthorn.storage.local;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tables of rows ordered by unsigned bytes of their keys. Reads may run on any thread beside one writer, and see whole
 * write sets only. An {@link IOException} of a write leaves it open whether it happened: the map must be closed and
 * opened again.
 */
interface OrderedMap {
    /** The value of a key, or null. The caller does not change it. */
    byte @Nullable [] get(Table table, byte[] key) throws IOException;

    /**
     * Visits rows of {@code from <= key < to} in order until the visitor says stop; in reverse order from the highest
     * when backwards.
     */
    void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException;

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
