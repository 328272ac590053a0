package io.posthorn.storage.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the write-ahead log of a database that is not open, to see where it is damaged before anything is done about it.
 * The format is that of RocksDB's wiki page "Write Ahead Log File Format": blocks of 32 KiB with records, each with a
 * checksum, in them write batches that begin with the number of their first change and the count of their changes.
 */
final class LogScan {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int BATCH_HEADER = 12;
    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int LAST = 4;
    private static final int MASK_DELTA = 0xa282ead8;

    private long last = FlushMark.UNKNOWN;

    /** As much as was seen of the head of a batch whose other fragments are still to come. */
    private @Nullable ByteBuffer begun;

    private @Nullable Damage damage;

    /**
     * The first place where the log cannot be followed.
     *
     * @param lastBefore the number of the last change before it; {@link FlushMark#UNKNOWN} when the log has none
     * @param newest whether no later file follows
     */
    record Damage(Path file, long offset, long lastBefore, boolean newest) {}

    private LogScan() {}

    /** Reads as much of the log as can be followed. */
    static LogScan of(Path database) throws IOException {
        LogScan scan = new LogScan();
        if (!Files.isDirectory(database)) {
            return scan;
        }
        List<Path> files = files(database);
        for (int i = 0; i < files.size() && scan.damage == null; i++) {
            scan.read(files.get(i), i == files.size() - 1);
        }
        return scan;
    }

    /** Where the log is damaged; null when it is whole, though changes may be missing from its end. */
    @Nullable
    Damage damage() {
        return damage;
    }

    /** The number of the last change that the log has; {@link FlushMark#UNKNOWN} when it has none. */
    long last() {
        return last;
    }

    /** The files of the log, oldest first. */
    static List<Path> files(Path database) throws IOException {
        try (Stream<Path> all = Files.list(database)) {
            return all.filter(file -> file.getFileName().toString().matches("\\d+\\.log"))
                    .sorted(Comparator.comparingLong(LogScan::number))
                    .toList();
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    private void read(Path file, boolean newest) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer log = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        begun = null;
        int batchAt = 0;
        int at = 0;
        while (at < bytes.length) {
            int restOfBlock = BLOCK - at % BLOCK;
            if (restOfBlock < HEADER) {
                at += restOfBlock;
                continue;
            }
            int length = at + HEADER <= bytes.length ? log.getShort(at + 4) & 0xffff : 0;
            int type = at + HEADER <= bytes.length ? bytes[at + 6] : 0;
            batchAt = begun == null ? at : batchAt;
            boolean whole = at + HEADER + length <= bytes.length && HEADER + length <= restOfBlock;
            if (!whole || !isIntact(bytes, log.getInt(at), at, length) || !take(log, at + HEADER, length, type)) {
                damage = new Damage(file, batchAt, last, newest);
                return;
            }
            at += HEADER + length;
        }
        if (begun != null) {
            damage = new Damage(file, batchAt, last, newest);
        }
    }

    private static boolean isIntact(byte[] log, int expected, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(log, at + HEADER - 1, length + 1);
        int sum = (int) crc.getValue();
        return expected == (sum >>> 15 | sum << 17) + MASK_DELTA;
    }

    /** Takes in a fragment, which may be shorter than the head; answers whether it goes on from what was before. */
    private boolean take(ByteBuffer log, int start, int length, int type) {
        ByteBuffer head = type == FULL || type == FIRST
                ? ByteBuffer.allocate(BATCH_HEADER).order(ByteOrder.LITTLE_ENDIAN)
                : begun;
        switch (type) {
            case FULL, FIRST -> {
                if (begun != null) {
                    return false;
                }
            }
            case MIDDLE, LAST -> {
                if (head == null) {
                    return false;
                }
            }
            default -> {
                // Records about the log itself carry no changes.
                return type != 0;
            }
        }
        if (head != null) {
            head.put(log.slice(start, Math.min(length, head.remaining())));
        }
        boolean ends = type == FULL || type == LAST;
        begun = ends ? null : head;
        return !ends || head != null && follows(head);
    }

    private boolean follows(ByteBuffer head) {
        if (head.hasRemaining()) {
            return false;
        }
        long first = head.getLong(0);
        int count = head.getInt(Long.BYTES);
        if (last != FlushMark.UNKNOWN && first > last + 1) {
            return false;
        }
        last = Math.max(last, first + count - 1);
        return true;
    }
}
