package io.posthorn.storage.local;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A map that counts rows read and written, can be told to fail, and writes without flushing. */
final class WatchedMap implements OrderedMap {
    private final OrderedMap map;
    private final Watch watch;

    /** What is seen of all maps that were opened under it. */
    static final class Watch {
        volatile boolean failing;
        volatile boolean failsHalfWay;
        private long read;
        private long written;
        private long flushes;

        synchronized long read() {
            return read;
        }

        synchronized long written() {
            return written;
        }

        synchronized long flushes() {
            return flushes;
        }

        private synchronized void reads(long rows) {
            read += rows;
        }

        private synchronized void writes(long rows, boolean flush) {
            written += rows;
            flushes += flush ? 1 : 0;
        }
    }

    WatchedMap(OrderedMap map, Watch watch) {
        this.map = map;
        this.watch = watch;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) throws IOException {
        watch.reads(1);
        return map.get(table, key);
    }

    @Override
    public void scan(Table table, byte[] from, byte[] to, boolean backwards, Visitor visitor) throws IOException {
        map.scan(table, from, to, backwards, (key, value) -> {
            watch.reads(1);
            return visitor.visit(key, value);
        });
    }

    @Override
    public void write(WriteSet writes, boolean flush) throws IOException {
        if (watch.failing) {
            if (watch.failsHalfWay) {
                map.write(writes, false);
            }
            throw new IOException("No space left on device");
        }
        watch.writes(writes.changes().size(), flush);
        map.write(writes, false);
    }

    @Override
    public Frozen snapshot() throws IOException {
        return map.snapshot();
    }

    @Override
    public void close() {
        map.close();
    }
}
