package io.posthorn.storage.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/** The other candidate for the map on disk, kept for {@link MapBenchmark}: the store below H2, in pure Java. */
final class MvStoreMap implements OrderedMap {
    private final MVStore store;
    private final Map<Table, MVMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);

    MvStoreMap(Path file) {
        store = new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .cacheSize(64)
                .open();
        store.setRetentionTime(0);
        for (Table table : Table.values()) {
            tables.put(
                    table,
                    store.openMap(
                            table.name(),
                            new MVMap.Builder<byte[], byte[]>()
                                    .keyType(ByteArrayDataType.INSTANCE)
                                    .valueType(ByteArrayDataType.INSTANCE)));
        }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        return tables.get(table).get(key);
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor)
            throws java.io.IOException {
        MVMap<byte[], byte[]> rows = tables.get(table);
        if (!backwards) {
            Cursor<byte[], byte[]> cursor = rows.cursor(from);
            while (cursor.hasNext()) {
                byte[] key = cursor.next();
                if (ByteArrayDataType.INSTANCE.compare(key, to) >= 0 || !visitor.visit(key, cursor.getValue())) {
                    return;
                }
            }
            return;
        }
        for (byte[] key = rows.lowerKey(to);
                key != null && ByteArrayDataType.INSTANCE.compare(key, from) >= 0;
                key = rows.lowerKey(key)) {
            if (!visitor.visit(key, rows.get(key))) {
                return;
            }
        }
    }

    @Override
    public void write(WriteSet writes, boolean flush) {
        for (WriteSet.Change change : writes.changes()) {
            MVMap<byte[], byte[]> rows = tables.get(change.table());
            if (change.value() != null) {
                rows.put(change.key(), change.value());
            } else if (change.to() != null) {
                removeRange(rows, change.key(), change.to());
            } else {
                rows.remove(change.key());
            }
        }
        if (flush) {
            store.commit();
            store.sync();
        }
    }

    @Override
    public Frozen snapshot() {
        throw new UnsupportedOperationException("only its speed is compared");
    }

    @Override
    public void close() {
        store.close();
    }

    private static void removeRange(MVMap<byte[], byte[]> rows, byte[] from, byte[] to) {
        List<byte[]> keys = new ArrayList<>();
        Iterator<byte[]> cursor = rows.keyIterator(from);
        while (cursor.hasNext()) {
            byte[] key = cursor.next();
            if (ByteArrayDataType.INSTANCE.compare(key, to) >= 0) {
                break;
            }
            keys.add(key);
        }
        keys.forEach(rows::remove);
    }
}
