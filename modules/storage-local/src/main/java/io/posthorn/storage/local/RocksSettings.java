package io.posthorn.storage.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/**
 * How the database is opened. Replaying the log stops at its first damaged record ({@code kPointInTimeRecovery}): in a
 * group commit what was flushed is followed by claims that were not, so a torn record must not keep the store shut, as
 * the stricter modes would; that nothing flushed lies behind it is for {@link LogRecovery} to make sure, which this mode
 * does not.
 */
final class RocksSettings implements AutoCloseable {
    private static final long BLOCK_CACHE_BYTES = 64L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final long ALL_WRITE_BUFFERS_BYTES = 160L << 20;

    /**
     * Bounds what is replayed after a kill. When the log is longer, every table is written out, however little it has:
     * the rows that a delivery leaves only while it waits go unwritten where this comes late.
     */
    private static final long WAL_BYTES = 128L << 20;

    /** Part of a write buffer for a filter that answers for keys that are not in it, which is what an append asks for. */
    private static final double MEMORY_FILTER = 0.05;

    /** Files of the youngest level before they are merged. */
    private static final int YOUNG_FILES = 8;

    /** What is merged again soon is not worth compressing. */
    private static final List<CompressionType> COMPRESSION = List.of(
            CompressionType.NO_COMPRESSION,
            CompressionType.NO_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.LZ4_COMPRESSION,
            CompressionType.LZ4_COMPRESSION);

    private static final int KEPT_LOG_FILES = 3;
    private static final double BLOOM_BITS = 10;

    private final List<AutoCloseable> resources = new ArrayList<>();
    private final DBOptions options;
    private final List<ColumnFamilyDescriptor> families = new ArrayList<>();

    RocksSettings() {
        Cache cache = keep(new LRUCache(BLOCK_CACHE_BYTES));
        BlockBasedTableConfig tableConfig = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(keep(new BloomFilter(BLOOM_BITS)));
        ColumnFamilyOptions familyOptions = keep(new ColumnFamilyOptions()
                .setTableFormatConfig(tableConfig)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMemtablePrefixBloomSizeRatio(MEMORY_FILTER)
                .setMemtableWholeKeyFiltering(true)
                .setLevel0FileNumCompactionTrigger(YOUNG_FILES)
                .setCompressionPerLevel(COMPRESSION));
        options = keep(new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setParanoidChecks(true)
                .setMaxTotalWalSize(WAL_BYTES)
                .setDbWriteBufferSize(ALL_WRITE_BUFFERS_BYTES)
                .setKeepLogFileNum(KEPT_LOG_FILES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
        for (Table table : Table.values()) {
            families.add(new ColumnFamilyDescriptor(table.name().getBytes(StandardCharsets.US_ASCII), familyOptions));
        }
    }

    DBOptions options() {
        return options;
    }

    /** The default one, then one a table in their order. */
    List<ColumnFamilyDescriptor> families() {
        return families;
    }

    @CanIgnoreReturnValue
    private <T extends AutoCloseable> T keep(T resource) {
        resources.add(resource);
        return resource;
    }

    @Override
    public void close() {
        close(resources);
    }

    /** In reverse order of making. */
    static void close(List<AutoCloseable> resources) {
        for (int i = resources.size() - 1; i >= 0; i--) {
            try {
                resources.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("a native resource did not close", e);
            }
        }
    }
}
