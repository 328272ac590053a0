package io.posthorn.storage.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the space of rows that were removed. RocksDB keeps old rows until it happens to rewrite their files, which
 * may be never where nothing new is written; so once a quarter of a table is old, its range is rewritten here. That
 * bounds the files to a third more than their rows, and the work to three bytes rewritten for one given back. One table
 * at a time, on a thread of its own.
 */
final class Reclaimer {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);
    private static final long MIN_BYTES = 4L << 20;
    private static final int SHARE = 4;
    private static final String TABLE_BYTES = "rocksdb.live-sst-files-size";

    private final RocksDB database;
    private final Map<Table, ColumnFamilyHandle> families;
    private final Map<Table, Old> old = new EnumMap<>(Table.class);
    private @Nullable CompactRangeOptions running;
    private @Nullable Thread thread;
    private boolean closed;

    Reclaimer(RocksDB database, Map<Table, ColumnFamilyHandle> families) {
        this.database = database;
        this.families = families;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; rows are byte arrays from end to end
    private record Old(byte[] from, byte[] to, long bytes) {
        Old plus(byte[] otherFrom, byte[] otherTo, long more) {
            return new Old(
                    Arrays.compareUnsigned(otherFrom, from) < 0 ? otherFrom : from,
                    Arrays.compareUnsigned(otherTo, to) > 0 ? otherTo : to,
                    bytes + more);
        }
    }

    /** Rows in that range became free; their space is given back in time. Returns at once. */
    synchronized void freed(Table table, byte[] from, byte[] to, long bytes) {
        old.merge(table, new Old(from, to, bytes), (before, more) -> before.plus(from, to, bytes));
        start();
    }

    /** Stops what runs and waits for that. */
    void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = thread;
            if (running != null) {
                running.setCanceled(true);
            }
        }
        boolean interrupted = false;
        while (last != null && last.isAlive()) {
            try {
                last.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins with a table that is worth it, unless one is in work. */
    private synchronized void start() {
        if (closed || running != null) {
            return;
        }
        for (Map.Entry<Table, Old> entry : old.entrySet()) {
            if (isWorthIt(entry.getKey(), entry.getValue())) {
                Table table = entry.getKey();
                Old range = entry.getValue();
                old.remove(table);
                CompactRangeOptions options = new CompactRangeOptions()
                        .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)
                        .setExclusiveManualCompaction(false);
                running = options;
                thread = new Thread(() -> run(table, range, options), "posthorn-store-reclaimer");
                thread.setDaemon(true);
                thread.start();
                return;
            }
        }
    }

    private boolean isWorthIt(Table table, Old range) {
        if (range.bytes() < MIN_BYTES) {
            return false;
        }
        try {
            return range.bytes() >= database.getLongProperty(family(table), TABLE_BYTES) / SHARE;
        } catch (RocksDBException e) {
            LOG.warn("the size of {} cannot be read; its space is not given back now", table, e);
            return false;
        }
    }

    private void run(Table table, Old range, CompactRangeOptions options) {
        long start = System.nanoTime();
        try {
            rewrite(table, range, options);
            LOG.debug("{} rewritten in {} ms", table, (System.nanoTime() - start) / 1_000_000);
            synchronized (this) {
                running = null;
                start();
            }
        } catch (RocksDBException e) {
            if (!options.canceled()) {
                LOG.warn("the space of removed rows of {} could not be given back; it is tried again", table, e);
                synchronized (this) {
                    old.merge(table, range, (before, more) -> before.plus(more.from(), more.to(), more.bytes()));
                }
            }
        } finally {
            synchronized (this) {
                running = running == options ? null : running;
            }
            options.close();
        }
    }

    private void rewrite(Table table, Old range, CompactRangeOptions options) throws RocksDBException {
        try (FlushOptions whole = new FlushOptions().setWaitForFlush(true)) {
            // The log goes only when no table needs it any more.
            database.flush(whole, new ArrayList<>(families.values()));
        }
        database.compactRange(family(table), range.from(), range.to(), options);
    }

    @SuppressWarnings("NullAway") // every table has its family
    private ColumnFamilyHandle family(Table table) {
        return families.get(table);
    }
}
