package io.posthorn.storage.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.storage.api.StoreRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Keeps the rows in a RocksDB database: a column family a table, one write-ahead log for all. */
final class RocksMap implements OrderedMap {
    static {
        RocksDB.loadLibrary();
    }

    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
    private final RocksDB database;
    private final @Nullable FlushMark mark;
    private final @Nullable String notice;
    private final WriteOptions flushed = new WriteOptions().setSync(true);
    private final WriteOptions unflushed = new WriteOptions().setSync(false);

    private final Reclaimer reclaimer;
    private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();

    /** A closed native handle must never be touched: it would end the process. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksMap(Path directory, @Nullable FlushMark mark, @Nullable LogRecovery recovery)
            throws RocksDBException, IOException, StoreRefused {
        this.mark = mark;
        if (mark != null) {
            keep(mark);
        }
        RocksSettings settings = keep(new RocksSettings());
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            database = keep(RocksDB.open(settings.options(), directory.toString(), settings.families(), handles));
        } catch (RocksDBException e) {
            closeResources();
            throw e;
        }
        resources.addAll(handles);
        int next = 1;
        for (Table table : Table.values()) {
            families.put(table, handles.get(next));
            next++;
        }
        keep(flushed);
        keep(unflushed);
        reclaimer = new Reclaimer(database, families);
        try {
            notice = recovery == null ? null : recovery.opened(database.getLatestSequenceNumber());
            // What was replayed out of the log is taken for flushed from now on, so it has to be.
            database.syncWal();
            note(true);
        } catch (StoreRefused | RocksDBException | IOException e) {
            closeResources();
            throw e;
        }
    }

    /** Opens or makes the database in that directory; fails when another process holds it. */
    static RocksMap open(Path directory) throws IOException {
        try {
            return new RocksMap(directory, null, null);
        } catch (RocksDBException e) {
            throw new IOException(e.getMessage(), e);
        } catch (StoreRefused e) {
            throw new StoreThread.Refused(e);
        }
    }

    /**
     * Opens or makes the database; refuses it where a change is missing that the mark says was flushed.
     *
     * @param mark closed with the map
     */
    static RocksMap open(Path directory, FlushMark mark) throws IOException {
        try {
            LogRecovery recovery = new LogRecovery(directory, mark);
            recovery.check();
            return new RocksMap(directory, mark, recovery);
        } catch (StoreRefused e) {
            throw new StoreThread.Refused(e);
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption) {
                throw new StoreThread.Refused(new StoreRefused(
                        "the database " + directory + " is damaged: " + e.getMessage()
                                + ". Put back the data directory from a copy",
                        e));
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable String notice() {
        return notice;
    }

    private void note(boolean isFlushed) throws IOException {
        if (mark != null) {
            mark.note(database.getLatestSequenceNumber(), isFlushed);
        }
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws IOException {
        return get(null, table, key);
    }

    private byte @Nullable [] get(@Nullable ReadOptions asOf, Table table, byte[] key) throws IOException {
        open.readLock().lock();
        try {
            requireOpen();
            return asOf == null ? database.get(family(table), key) : database.get(family(table), asOf, key);
        } catch (RocksDBException e) {
            throw new IOException("cannot read from " + table, e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException {
        scan(null, table, from, to, backwards, visitor);
    }

    private void scan(@Nullable Snapshot asOf, Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor)
            throws IOException {
        open.readLock().lock();
        try (Slice lower = new Slice(from);
                Slice upper = new Slice(to);
                ReadOptions options =
                        new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper)) {
            requireOpen();
            if (asOf != null) {
                options.setSnapshot(asOf).setFillCache(false);
            }
            try (RocksIterator rows = database.newIterator(family(table), options)) {
                if (backwards) {
                    rows.seekToLast();
                } else {
                    rows.seekToFirst();
                }
                while (rows.isValid() && visitor.visit(rows.key(), rows.value())) {
                    if (backwards) {
                        rows.prev();
                    } else {
                        rows.next();
                    }
                }
                rows.status();
            }
        } catch (RocksDBException e) {
            throw new IOException("cannot read from " + table, e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public RowView.Frozen snapshot() throws IOException {
        open.readLock().lock();
        try {
            requireOpen();
            RocksSnapshot snapshot = new RocksSnapshot(database.getSnapshot());
            snapshots.add(snapshot);
            return snapshot;
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void freed(Table table, byte[] from, byte[] to, long bytes) {
        reclaimer.freed(table, from, to, bytes);
    }

    @Override
    public void write(WriteSet writes, boolean flush) throws IOException {
        open.readLock().lock();
        try (WriteBatch batch = new WriteBatch()) {
            requireOpen();
            if (writes.isEmpty()) {
                if (flush) {
                    database.syncWal();
                    note(true);
                }
                return;
            }
            for (WriteSet.Change change : writes.changes()) {
                ColumnFamilyHandle family = family(change.table());
                if (change.value() != null) {
                    batch.put(family, change.key(), change.value());
                } else if (change.to() != null) {
                    batch.deleteRange(family, change.key(), change.to());
                } else {
                    batch.delete(family, change.key());
                }
            }
            database.write(flush ? flushed : unflushed, batch);
            note(flush);
        } catch (RocksDBException e) {
            throw new IOException("cannot write: " + e.getMessage(), e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public long estimatedRows(Table table) throws IOException {
        open.readLock().lock();
        try {
            requireOpen();
            return database.getLongProperty(family(table), "rocksdb.estimate-num-keys");
        } catch (RocksDBException e) {
            throw new IOException("cannot read from " + table, e);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void close() {
        reclaimer.close();
        open.writeLock().lock();
        try {
            if (!closed) {
                snapshots.forEach(RocksSnapshot::release);
                closed = true;
                closeResources();
            }
        } finally {
            open.writeLock().unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
    }

    @SuppressWarnings("NullAway") // every table has its family from the constructor on
    private ColumnFamilyHandle family(Table table) {
        return families.get(table);
    }

    @CanIgnoreReturnValue
    private <T extends AutoCloseable> T keep(T resource) {
        resources.add(resource);
        return resource;
    }

    private void closeResources() {
        RocksSettings.close(resources);
    }

    /** The rows as they stood; released with the database at the latest. */
    private final class RocksSnapshot implements RowView.Frozen {
        private final Snapshot moment;
        private final ReadOptions asOf;

        RocksSnapshot(Snapshot moment) {
            this.moment = moment;
            this.asOf = new ReadOptions().setSnapshot(moment).setFillCache(false);
        }

        @Override
        public byte @Nullable [] get(Table table, byte[] key) throws IOException {
            return RocksMap.this.get(asOf, table, key);
        }

        @Override
        public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException {
            RocksMap.this.scan(moment, table, from, to, backwards, visitor);
        }

        @Override
        public void close() {
            open.readLock().lock();
            try {
                release();
            } finally {
                open.readLock().unlock();
            }
        }

        private void release() {
            if (!closed && snapshots.remove(this)) {
                asOf.close();
                database.releaseSnapshot(moment);
                moment.close();
            }
        }
    }
}
