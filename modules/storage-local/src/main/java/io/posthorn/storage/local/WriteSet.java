package io.posthorn.storage.local;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes to make together, in order. Used again after {@link #clear()}. One thread. */
final class WriteSet {
    private final List<Change> changes = new ArrayList<>();

    /** A change of one row, or with {@code to} the deletion of a range. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; rows are byte arrays from end to end
    record Change(Table table, byte[] key, byte @Nullable [] value, byte @Nullable [] to) {}

    void put(Table table, byte[] key, byte[] value) {
        changes.add(new Change(table, key, value, null));
    }

    void delete(Table table, byte[] key) {
        changes.add(new Change(table, key, null, null));
    }

    void deleteRange(Table table, byte[] from, byte[] to) {
        changes.add(new Change(table, from, null, to));
    }

    List<Change> changes() {
        return changes;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    void clear() {
        changes.clear();
    }
}
