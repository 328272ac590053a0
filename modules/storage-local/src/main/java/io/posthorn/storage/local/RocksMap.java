package io.posthorn.storage.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Keeps the rows in a RocksDB database: a column family a table, one write-ahead log for all. */
final class RocksMap implements OrderedMap {
    private static final long BLOCK_CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final long ALL_WRITE_BUFFERS_BYTES = 128L << 20;
    private static final long WAL_BYTES = 256L << 20;
    private static final int KEPT_LOG_FILES = 3;
    private static final double BLOOM_BITS = 10;

    static {
        RocksDB.loadLibrary();
    }

    private final List<AutoCloseable> resources = new ArrayList<>();
    private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
    private final RocksDB database;
    private final WriteOptions flushed = new WriteOptions().setSync(true);
    private final WriteOptions unflushed = new WriteOptions().setSync(false);

    private final Reclaimer reclaimer;
    private final Set<RocksSnapshot> snapshots = ConcurrentHashMap.newKeySet();

    /** A closed native handle must never be touched: it would end the process. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private RocksMap(Path directory) throws RocksDBException {
        Cache cache = keep(new LRUCache(BLOCK_CACHE_BYTES));
        BlockBasedTableConfig tableConfig = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setFilterPolicy(keep(new BloomFilter(BLOOM_BITS)));
        ColumnFamilyOptions familyOptions = keep(new ColumnFamilyOptions()
                .setTableFormatConfig(tableConfig)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION));
        DBOptions options = keep(new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(WAL_BYTES)
                .setDbWriteBufferSize(ALL_WRITE_BUFFERS_BYTES)
                .setKeepLogFileNum(KEPT_LOG_FILES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (Table table : Table.values()) {
            descriptors.add(
                    new ColumnFamilyDescriptor(table.name().getBytes(StandardCharsets.US_ASCII), familyOptions));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            database = RocksDB.open(options, directory.toString(), descriptors, handles);
        } catch (RocksDBException e) {
            closeResources();
            throw e;
        }
        resources.add(handles.get(0));
        int next = 1;
        for (Table table : Table.values()) {
            families.put(table, handles.get(next));
            resources.add(handles.get(next));
            next++;
        }
        keep(flushed);
        keep(unflushed);
        reclaimer = new Reclaimer(database, families);
    }

    /** Opens or makes the database in that directory; fails when another process holds it. */
    static RocksMap open(Path directory) throws IOException {
        try {
            return new RocksMap(directory);
        } catch (RocksDBException e) {
            throw new IOException(e.getMessage(), e);
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
        } catch (RocksDBException e) {
            throw new IOException("cannot write: " + e.getMessage(), e);
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
                database.close();
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

    /** In reverse order of making: column families before the options and caches that they use. */
    private void closeResources() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            try {
                resources.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("a native resource did not close", e);
            }
        }
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
