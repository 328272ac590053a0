package io.posthorn.storage.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A map in memory that loses at a crash what was written but not flushed, as a disk does when the power fails. */
final class PowerLossMap implements OrderedMap {
    private final MemoryMap durable;
    private final MemoryMap live = new MemoryMap();
    private final List<WriteSet.Change> unflushed = new ArrayList<>();

    /** Opens what was flushed into the durable rows before. */
    PowerLossMap(MemoryMap durable) throws IOException {
        this.durable = durable;
        WriteSet rows = new WriteSet();
        for (Table table : Table.values()) {
            durable.scan(table, new byte[0], Keys.after(new byte[0]), false, (key, value) -> {
                rows.put(table, key, value);
                return true;
            });
        }
        live.write(rows, false);
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
        return live.get(table, key);
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException {
        live.scan(table, from, to, backwards, visitor);
    }

    @Override
    public void write(WriteSet writes, boolean flush) {
        live.write(writes, flush);
        unflushed.addAll(writes.changes());
        if (flush) {
            durable.write(copy(unflushed), true);
            unflushed.clear();
        }
    }

    @Override
    public Frozen snapshot() {
        return live.snapshot();
    }

    @Override
    public void close() {
        unflushed.clear();
    }

    private static WriteSet copy(List<WriteSet.Change> changes) {
        WriteSet set = new WriteSet();
        for (WriteSet.Change change : changes) {
            if (change.value() != null) {
                set.put(change.table(), change.key(), change.value());
            } else if (change.to() != null) {
                set.deleteRange(change.table(), change.key(), change.to());
            } else {
                set.delete(change.table(), change.key());
            }
        }
        return set;
    }
}
