package io.posthorn.storage.rows;

import io.posthorn.contract.SortableId;
import java.nio.charset.StandardCharsets;

/** The 27 characters of an identifier without its prefix, as bytes: their order is the order of time. */
public final class BareId {
    /** How many there are. */
    public static final int LENGTH = SortableId.CHARACTERS;

    private BareId() {}

    /** The last 27 characters of an identifier. */
    public static byte[] of(String id) {
        byte[] bytes = new byte[LENGTH];
        int start = id.length() - LENGTH;
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) id.charAt(start + i);
        }
        return bytes;
    }

    /** The characters that stand there. */
    public static String text(byte[] bytes, int start) {
        return new String(bytes, start, LENGTH, StandardCharsets.ISO_8859_1);
    }
}
