package io.posthorn.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Numbers that only grow, over restarts too: they are reserved in blocks, and a restart begins with a new block. Store
 * thread.
 */
final class Fences {
    private static final byte[] KEY = Keys.bytes("fence");
    private static final long BLOCK = 1_000_000;

    private long last;
    private long reserved;

    Fences(OrderedMap map) throws IOException {
        byte[] stored = map.get(Table.META, KEY);
        reserved = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
        last = reserved;
    }

    long next(WriteSet writes) {
        last++;
        if (last > reserved) {
            reserved += BLOCK;
            writes.put(
                    Table.META,
                    KEY,
                    ByteBuffer.allocate(Long.BYTES).putLong(reserved).array());
        }
        return last;
    }
}
