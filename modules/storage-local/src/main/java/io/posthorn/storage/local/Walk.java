package io.posthorn.storage.local;

import java.io.IOException;
import java.util.function.LongConsumer;

/** Visits a whole table in short scans, so that nothing waits long for one to end. One thread. */
final class Walk {
    private static final byte[] LOWEST = new byte[0];
    private static final int PORTION = 1_000;

    private final RowView rows;
    private final LongConsumer told;
    private long looked;

    /** @param told how many rows were visited so far, after each scan */
    Walk(RowView rows, LongConsumer told) {
        this.rows = rows;
        this.told = told;
    }

    RowView rows() {
        return rows;
    }

    /** One row. */
    @FunctionalInterface
    interface Row {
        void visit(byte[] key, byte[] value) throws IOException;
    }

    void all(Table table, Row row) throws IOException {
        range(table, LOWEST, Keys.after(LOWEST), row);
    }

    void under(Table table, byte[] prefix, Row row) throws IOException {
        range(table, prefix, Keys.after(prefix), row);
    }

    private void range(Table table, byte[] from, byte[] to, Row row) throws IOException {
        byte[] next = from;
        while (next != null) {
            byte[][] rest = {null};
            int[] left = {PORTION};
            rows.scan(table, next, to, false, (key, value) -> {
                if (left[0]-- == 0) {
                    rest[0] = key;
                    return false;
                }
                looked++;
                row.visit(key, value);
                return true;
            });
            told.accept(looked);
            next = rest[0];
        }
    }
}
