package io.posthorn.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far the log was written and flushed, in a small file beside the database: the one witness of that which the log
 * itself cannot be. It is written after each group and never flushed: after a kill it is exact, after a loss of power it
 * may say less than is true, never more than was flushed. Store thread.
 */
final class FlushMark implements AutoCloseable {
    /** Says nothing. */
    static final long UNKNOWN = -1;

    private static final long MAGIC = 0x706f7374686f726eL;
    private static final int BYTES = 5 * Long.BYTES;

    private final Path path;
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    private long flushed = UNKNOWN;
    private long written = UNKNOWN;

    private FlushMark(Path path) throws IOException {
        this.path = path;
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (file.read(buffer, 0) == BYTES) {
            buffer.flip();
            boolean ours = buffer.getLong() == MAGIC;
            long first = buffer.getLong();
            long second = buffer.getLong();
            boolean whole = buffer.getLong() == ~first && buffer.getLong() == ~second;
            if (ours && whole) {
                flushed = first;
                written = second;
            }
        }
    }

    /** Reads what was noted before, if there is anything that can be read. */
    static FlushMark open(Path path) throws IOException {
        return new FlushMark(path);
    }

    Path path() {
        return path;
    }

    /** The highest number of a change that was flushed, or {@link #UNKNOWN}. */
    long flushed() {
        return flushed;
    }

    /** The highest number of a change that was written, or {@link #UNKNOWN}. */
    long written() {
        return written;
    }

    /** Notes the number of the last change. */
    void note(long sequence, boolean isFlushed) throws IOException {
        written = sequence;
        flushed = isFlushed ? sequence : Math.min(flushed, sequence);
        buffer.clear();
        buffer.putLong(MAGIC)
                .putLong(flushed)
                .putLong(written)
                .putLong(~flushed)
                .putLong(~written);
        buffer.flip();
        long position = 0;
        while (buffer.hasRemaining()) {
            position += file.write(buffer, position);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
