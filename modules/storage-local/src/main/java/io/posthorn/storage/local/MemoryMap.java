package io.posthorn.storage.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the rows in memory only; nothing survives the process. */
final class MemoryMap implements OrderedMap {
    private final Map<Table, ConcurrentNavigableMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);

    /** A write set is seen whole or not at all. */
    private final ReadWriteLock whole = new ReentrantReadWriteLock();

    private final List<MemorySnapshot> snapshots = new ArrayList<>();

    MemoryMap() {
        for (Table table : Table.values()) {
            tables.put(table, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
        }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        whole.readLock().lock();
        try {
            return rows(table).get(key);
        } finally {
            whole.readLock().unlock();
        }
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException {
        whole.readLock().lock();
        try {
            NavigableMap<byte[], byte[]> range = rows(table).subMap(from, true, to, false);
            for (Map.Entry<byte[], byte[]> row : (backwards ? range.descendingMap() : range).entrySet()) {
                if (!visitor.visit(row.getKey(), row.getValue())) {
                    return;
                }
            }
        } finally {
            whole.readLock().unlock();
        }
    }

    @Override
    public void write(WriteSet writes, boolean flush) {
        whole.writeLock().lock();
        try {
            for (WriteSet.Change change : writes.changes()) {
                ConcurrentNavigableMap<byte[], byte[]> rows = rows(change.table());
                if (change.to() != null) {
                    NavigableMap<byte[], byte[]> range = rows.subMap(change.key(), true, change.to(), false);
                    range.keySet().forEach(key -> remember(change.table(), key));
                    range.clear();
                    continue;
                }
                remember(change.table(), change.key());
                if (change.value() != null) {
                    rows.put(change.key(), change.value());
                } else {
                    rows.remove(change.key());
                }
            }
        } finally {
            whole.writeLock().unlock();
        }
    }

    private void remember(Table table, byte[] key) {
        if (!snapshots.isEmpty()) {
            byte[] before = rows(table).get(key);
            snapshots.forEach(snapshot -> snapshot.remember(table, key, before));
        }
    }

    @Override
    public Frozen snapshot() {
        whole.writeLock().lock();
        try {
            MemorySnapshot snapshot = new MemorySnapshot(this);
            snapshots.add(snapshot);
            return snapshot;
        } finally {
            whole.writeLock().unlock();
        }
    }

    void release(MemorySnapshot snapshot) {
        whole.writeLock().lock();
        try {
            snapshots.remove(snapshot);
        } finally {
            whole.writeLock().unlock();
        }
    }

    /** Looks while nothing is written. */
    <T> T undisturbed(Supplier<T> look) {
        whole.readLock().lock();
        try {
            return look.get();
        } finally {
            whole.readLock().unlock();
        }
    }

    @Override
    public void close() {
        // The rows stay: an engine that failed and opens again finds them.
    }

    @SuppressWarnings("NullAway") // every table is there from the constructor on
    ConcurrentNavigableMap<byte[], byte[]> rows(Table table) {
        return tables.get(table);
    }
}
