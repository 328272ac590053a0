package io.posthorn.storage.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a map in memory as they stood at one moment: the map as it is, with the rows that were changed since as
 * they were before. So it grows with what is written while it is open, by a row each.
 */
final class MemorySnapshot implements RowView.Frozen {
    private static final int PORTION = 500;

    private final MemoryMap map;
    private final Map<Table, NavigableMap<byte[], Optional<byte[]>>> before = new EnumMap<>(Table.class);

    MemorySnapshot(MemoryMap map) {
        this.map = map;
        for (Table table : Table.values()) {
            before.put(table, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /** A row is about to be changed; the map's lock is held for writing. */
    void remember(Table table, byte[] key, byte @Nullable [] value) {
        changed(table).putIfAbsent(key, Optional.ofNullable(value));
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        return map.undisturbed(() -> changed(table)
                        .getOrDefault(key, Optional.ofNullable(map.rows(table).get(key))))
                .orElse(null);
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, OrderedMap.Visitor visitor)
            throws IOException {
        byte[] low = from;
        byte[] high = to;
        while (true) {
            byte[] lower = low;
            byte[] upper = high;
            List<Map.Entry<byte[], byte[]>> rows = map.undisturbed(() -> portion(table, lower, upper, backwards));
            for (Map.Entry<byte[], byte[]> row : rows) {
                if (!visitor.visit(row.getKey(), row.getValue())) {
                    return;
                }
                low = backwards ? low : Keys.next(row.getKey());
                high = backwards ? row.getKey() : high;
            }
            if (rows.size() < PORTION) {
                return;
            }
        }
    }

    @Override
    public void close() {
        map.release(this);
    }

    /** The next rows, in order; fewer than a portion when there are no more. */
    private List<Map.Entry<byte[], byte[]>> portion(Table table, byte[] from, byte[] to, boolean backwards) {
        NavigableMap<byte[], byte[]> live = map.rows(table).subMap(from, true, to, false);
        NavigableMap<byte[], Optional<byte[]>> old = changed(table).subMap(from, true, to, false);
        NavigableMap<byte[], byte[]> merged = new TreeMap<>(Arrays::compareUnsigned);
        take(backwards ? live.descendingMap() : live, old, merged);
        for (Map.Entry<byte[], Optional<byte[]>> row : (backwards ? old.descendingMap() : old).entrySet()) {
            row.getValue().ifPresent(value -> merged.put(row.getKey(), value));
            if (merged.size() >= 2 * PORTION) {
                break;
            }
        }
        List<Map.Entry<byte[], byte[]>> rows =
                new ArrayList<>((backwards ? merged.descendingMap() : merged).entrySet());
        return rows.subList(0, Math.min(PORTION, rows.size()));
    }

    private static void take(
            NavigableMap<byte[], byte[]> live,
            NavigableMap<byte[], Optional<byte[]>> old,
            NavigableMap<byte[], byte[]> merged) {
        for (Map.Entry<byte[], byte[]> row : live.entrySet()) {
            if (!old.containsKey(row.getKey())) {
                merged.put(row.getKey(), row.getValue());
                if (merged.size() == PORTION) {
                    return;
                }
            }
        }
    }

    @SuppressWarnings("NullAway") // every table is there from the constructor on
    private NavigableMap<byte[], Optional<byte[]>> changed(Table table) {
        return before.get(table);
    }
}
