package io.posthorn.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Numbers that only grow, over restarts and losses of power too. They are reserved in blocks, each flushed long before it
 * is used: the first when the store opens, every other one when half of the block before it is left. Store thread.
 */
final class Fences {
    private static final byte[] KEY = Keys.bytes("fence");
    private static final long BLOCK = 1_000_000;

    private long last;
    private long reserved;

    /** Reserves the first block; returns when that is flushed. */
    Fences(OrderedMap map) throws IOException {
        byte[] stored = map.get(Table.META, KEY);
        last = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        WriteSet writes = new WriteSet();
        reserve(last + BLOCK, writes);
        map.write(writes, true);
    }

    long next(WriteSet writes) {
        last++;
        if (last > reserved - BLOCK / 2) {
            reserve(reserved + BLOCK, writes);
        }
        return last;
    }

    private void reserve(long upTo, WriteSet writes) {
        reserved = upTo;
        writes.put(
                Table.META, KEY, ByteBuffer.allocate(Long.BYTES).putLong(upTo).array());
    }
}
