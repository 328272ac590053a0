package io.posthorn.contract;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Identifiers that sort by creation time: a prefix and 27 base62 characters.
 *
 * <p>The 20 bytes behind the characters are a 40-bit big-endian time (seconds since 2014-05-13T16:53:20Z in 4 ms
 * steps) and 120 random bits, the layout that the open-source Svix server calls KsuidMs. Byte order of the text is
 * order of time. Times before 2014 and after 2150 are kept as the nearest that fits.
 */
public final class SortableId {
    /** Number of bytes behind an identifier, without its prefix. */
    public static final int BYTES = 20;

    /** Number of base62 characters in an identifier, without its prefix. */
    public static final int CHARACTERS = 27;

    private static final long EPOCH_SECONDS = 1_400_000_000L;
    private static final long MAX_SECONDS = 0xffffffffL;
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final byte[] VALUES = values();
    private static final int RANDOM_BLOCK = 4096;

    private static final ThreadLocal<RandomBlock> RANDOM = ThreadLocal.withInitial(RandomBlock::new);

    private SortableId() {}

    /**
     * Makes a new identifier.
     *
     * @param prefix the prefix with its underscore, such as {@code msg_}
     * @param epochMillis the time of creation, in milliseconds since 1970
     */
    public static String next(String prefix, long epochMillis) {
        byte[] bytes = new byte[BYTES];
        putTime(bytes, epochMillis);
        RANDOM.get().fill(bytes, 5);
        return prefix + encode(bytes);
    }

    /** The lowest possible identifier of that time: a bound for range reads. */
    public static String lowest(String prefix, long epochMillis) {
        byte[] bytes = new byte[BYTES];
        putTime(bytes, epochMillis);
        return prefix + encode(bytes);
    }

    /** The time of creation in milliseconds since 1970, to 4 ms. */
    public static long epochMillis(String id) {
        byte[] bytes = decode(id);
        long ticks = 0;
        for (int i = 0; i < 5; i++) {
            ticks = ticks << 8 | (bytes[i] & 0xff);
        }
        return ((ticks >>> 8) + EPOCH_SECONDS) * 1000 + ((ticks & 0xff) << 2);
    }

    /** Whether the text is the prefix followed by a well-formed 27 character identifier. */
    public static boolean isValid(String prefix, String text) {
        if (text.length() != prefix.length() + CHARACTERS || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || VALUES[c] < 0) {
                return false;
            }
        }
        // The largest 20-byte number has a first character of 'a' at most; a full comparison keeps decode() exact.
        return text.substring(prefix.length()).compareTo("aWgEPTl1tmebfsQzFP4bxwgy80V") <= 0;
    }

    /** The 20 bytes behind an identifier; its last 27 characters are read. */
    public static byte[] decode(String id) {
        int start = id.length() - CHARACTERS;
        if (start < 0) {
            throw new IllegalArgumentException("identifier too short: " + id);
        }
        // Five 32-bit limbs, big-endian: multiply by 62 and add, character by character.
        int[] limbs = new int[5];
        for (int i = start; i < id.length(); i++) {
            char c = id.charAt(i);
            long carry = c < 128 ? VALUES[c] : -1;
            if (carry < 0) {
                throw new IllegalArgumentException("not a base62 identifier: " + id);
            }
            for (int k = 4; k >= 0; k--) {
                carry += (limbs[k] & 0xffffffffL) * 62;
                limbs[k] = (int) carry;
                carry >>>= 32;
            }
        }
        byte[] bytes = new byte[BYTES];
        for (int k = 0; k < 5; k++) {
            bytes[4 * k] = (byte) (limbs[k] >>> 24);
            bytes[4 * k + 1] = (byte) (limbs[k] >>> 16);
            bytes[4 * k + 2] = (byte) (limbs[k] >>> 8);
            bytes[4 * k + 3] = (byte) limbs[k];
        }
        return bytes;
    }

    /** The 27 characters of 20 bytes, without a prefix. */
    public static String encode(byte[] bytes) {
        int[] limbs = new int[5];
        for (int k = 0; k < 5; k++) {
            limbs[k] = (bytes[4 * k] & 0xff) << 24
                    | (bytes[4 * k + 1] & 0xff) << 16
                    | (bytes[4 * k + 2] & 0xff) << 8
                    | (bytes[4 * k + 3] & 0xff);
        }
        char[] text = new char[CHARACTERS];
        for (int i = CHARACTERS - 1; i >= 0; i--) {
            long remainder = 0;
            for (int k = 0; k < 5; k++) {
                long value = remainder << 32 | (limbs[k] & 0xffffffffL);
                limbs[k] = (int) (value / 62);
                remainder = value % 62;
            }
            text[i] = ALPHABET.charAt((int) remainder);
        }
        return new String(text);
    }

    private static void putTime(byte[] bytes, long epochMillis) {
        long seconds = Math.floorDiv(epochMillis, 1000L) - EPOCH_SECONDS;
        long ticks = Math.min(Math.max(0, seconds), MAX_SECONDS) << 8 | Math.floorMod(epochMillis, 1000L) >> 2;
        for (int i = 4; i >= 0; i--) {
            bytes[i] = (byte) ticks;
            ticks >>>= 8;
        }
    }

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            values[ALPHABET.charAt(i)] = (byte) i;
        }
        return values;
    }

    /** Random bytes drawn from the system in blocks, since a call for 15 bytes costs as much as one for thousands. */
    private static final class RandomBlock {
        private final SecureRandom source = new SecureRandom();
        private final byte[] block = new byte[RANDOM_BLOCK];
        private int used = RANDOM_BLOCK;

        void fill(byte[] target, int from) {
            int wanted = target.length - from;
            if (used + wanted > block.length) {
                source.nextBytes(block);
                used = 0;
            }
            System.arraycopy(block, used, target, from, wanted);
            used += wanted;
        }
    }
}
