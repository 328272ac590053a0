package io.posthorn.storage.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link RowWriter} wrote, field by field. */
final class RowReader {
    private final byte[] row;
    private int position = 1;

    RowReader(byte[] row) {
        this.row = row;
    }

    byte version() {
        return row[0];
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = row[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    String id() {
        String id = Keys.text(row, position, Keys.ID);
        position += Keys.ID;
        return id;
    }

    String text() {
        int length = (int) number();
        String text = new String(row, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    byte[] block() {
        int length = (int) number();
        byte[] block = Arrays.copyOfRange(row, position, position + length);
        position += length;
        return block;
    }
}
