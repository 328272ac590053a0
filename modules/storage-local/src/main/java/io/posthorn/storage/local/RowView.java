package io.posthorn.storage.local;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows that can be read: those of a map as it stands, or as it stood at one moment. Any thread. */
interface RowView {
    /** The value of a key, or null. The caller does not change it. */
    byte @Nullable [] get(Table table, byte[] key) throws IOException;

    /**
     * Visits rows of {@code from <= key < to} in order until the visitor says stop; in reverse order from the highest
     * when backwards.
     */
    void scan(Table table, byte[] from, byte[] to, boolean backwards, OrderedMap.Visitor visitor) throws IOException;

    /** A map as it stood when this was made, whatever is written meanwhile. Costs the map until it is closed. */
    interface Frozen extends RowView, AutoCloseable {
        @Override
        void close();
    }
}
