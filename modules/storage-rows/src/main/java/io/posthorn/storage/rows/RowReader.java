package io.posthorn.storage.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link RowWriter} wrote, field by field. */
public final class RowReader {
    private final byte[] row;
    private int position = 1;

    /** Begins behind the version byte. */
    public RowReader(byte[] row) {
        this.row = row;
    }

    /** The first byte. */
    public byte version() {
        return row[0];
    }

    /** The next number. */
    public long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = row[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** The 27 characters of the next id. */
    public String id() {
        String id = BareId.text(row, position);
        position += BareId.LENGTH;
        return id;
    }

    /** The next text. */
    public String text() {
        int length = (int) number();
        String text = new String(row, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /** The next byte string. */
    public byte[] block() {
        int length = (int) number();
        byte[] block = Arrays.copyOfRange(row, position, position + length);
        position += length;
        return block;
    }
}
