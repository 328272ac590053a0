package io.posthorn.storage.rows;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the value of a row: a version byte, then fields in a fixed order. Numbers are of variable length, texts and
 * byte strings have their length before them, ids are 27 characters without prefix.
 */
public final class RowWriter {
    private static final int FIRST_SIZE = 64;

    private byte[] buffer = new byte[FIRST_SIZE];
    private int length;

    /** For a short row. */
    public RowWriter(byte version) {
        buffer[length++] = version;
    }

    /** For a row of about that many bytes. */
    public RowWriter(byte version, int expectedBytes) {
        buffer = new byte[Math.max(FIRST_SIZE, expectedBytes)];
        buffer[length++] = version;
    }

    /** Adds a number; a negative one takes ten bytes. */
    @CanIgnoreReturnValue
    public RowWriter number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
        return this;
    }

    /** Adds an id, without its prefix. */
    @CanIgnoreReturnValue
    public RowWriter id(String id) {
        room(BareId.LENGTH);
        System.arraycopy(BareId.of(id), 0, buffer, length, BareId.LENGTH);
        length += BareId.LENGTH;
        return this;
    }

    /** Adds a text. */
    @CanIgnoreReturnValue
    public RowWriter text(String text) {
        return block(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a byte string. */
    @CanIgnoreReturnValue
    public RowWriter block(byte[] bytes) {
        number(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    /** The row with a last byte string behind it, copied once. */
    public byte[] bytesWith(Buffer last) {
        number(last.length());
        byte[] row = Arrays.copyOf(buffer, length + last.length());
        last.getBytes(row, length);
        return row;
    }

    /** The row. */
    public byte[] bytes() {
        return Arrays.copyOf(buffer, length);
    }

    private void room(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
        }
    }
}
