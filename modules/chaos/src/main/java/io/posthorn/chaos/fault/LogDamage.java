package io.posthorn.chaos.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** What can have become of the last file of a write-ahead log. */
enum LogDamage {
    /** The machine died while a record was being written: its head is there, its body is not. */
    TORN_TAIL("torn-tail", true, "torn end") {
        @Override
        void to(Path log, Random random) throws IOException {
            // A RocksDB record: checksum (4), length (2, little-endian), type 1 (whole record), then the body.
            byte[] record = new byte[7 + 100];
            random.nextBytes(record);
            record[4] = (byte) 0xe8;
            record[5] = 3;
            record[6] = 1;
            append(log, record);
        }
    },
    /** What was written last is there in length, but with other bytes. */
    GARBLED_TAIL("garbled-tail", true, "torn end") {
        @Override
        void to(Path log, Random random) throws IOException {
            byte[] garbage = new byte[500 + random.nextInt(2_000)];
            random.nextBytes(garbage);
            append(log, garbage);
        }
    },
    /** The file is gone. */
    MISSING_LOG("missing-log", false, "missing") {
        @Override
        void to(Path log, Random random) throws IOException {
            Files.delete(log);
        }
    },
    /** A byte in the middle of what was flushed is another. */
    CORRUPT_LOG("corrupt-log", false, "damaged") {
        @Override
        void to(Path log, Random random) throws IOException {
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long size = file.size();
                long at = size / 4 + random.nextLong(size / 2);
                ByteBuffer bytes = ByteBuffer.allocate(1);
                int unused = file.read(bytes, at);
                bytes.put(0, (byte) (bytes.get(0) ^ 0x55)).rewind();
                unused = file.write(bytes, at);
            }
        }
    };

    private final String faultName;
    private final boolean afterTheFlush;
    private final String reason;

    LogDamage(String faultName, boolean afterTheFlush, String reason) {
        this.faultName = faultName;
        this.afterTheFlush = afterTheFlush;
        this.reason = reason;
    }

    /** Does it to a file. */
    abstract void to(Path log, Random random) throws IOException;

    String faultName() {
        return faultName;
    }

    /** Whether nothing that was flushed is touched. */
    boolean isAfterTheFlush() {
        return afterTheFlush;
    }

    /** What the program must name when it reports or refuses. */
    String reason() {
        return reason;
    }

    private static void append(Path log, byte[] bytes) throws IOException {
        Path unused = Files.write(log, bytes, StandardOpenOption.APPEND);
    }
}
