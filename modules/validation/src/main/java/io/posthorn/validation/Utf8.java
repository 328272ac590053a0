package io.posthorn.validation;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The strict reading of UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing cut off. */
final class Utf8 {
    private static final int CHUNK = 4_096;

    /** What is set in no byte of ASCII, for eight bytes at a time. */
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** Whether the first bytes of an array are UTF-8. */
    static boolean isValid(byte[] bytes, int length) {
        if (isAscii(bytes, length)) {
            return true;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        CharBuffer out = CharBuffer.allocate(CHUNK);
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    private static boolean isAscii(byte[] bytes, int length) {
        ByteBuffer words = ByteBuffer.wrap(bytes, 0, length);
        while (words.remaining() >= Long.BYTES) {
            if ((words.getLong() & HIGH_BITS) != 0) {
                return false;
            }
        }
        while (words.hasRemaining()) {
            if (words.get() < 0) {
                return false;
            }
        }
        return true;
    }
}
