package io.posthorn.benchmarks.load;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Cuts the bytes of one connection into HTTP/1.1 messages whose length is told by {@code content-length}, at next to no
 * cost: only that header is looked at. Fails on chunked bodies. One thread.
 */
final class HttpFrames {
    private static final byte[] NAME = "content-length:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "transfer-encoding:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[0];
    private int next;
    private int start;
    private int body;
    private int end;

    /** Takes what was read. */
    void add(Buffer chunk) {
        byte[] added = chunk.getBytes();
        if (next == bytes.length) {
            bytes = added;
        } else {
            byte[] joined = Arrays.copyOfRange(bytes, next, bytes.length + added.length);
            System.arraycopy(added, 0, joined, bytes.length - next, added.length);
            bytes = joined;
        }
        next = 0;
    }

    /** Moves to the next message; false when it is not complete yet. */
    boolean next() {
        int length = 0;
        int line = next;
        for (int i = next; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (i - line <= 1) {
                if (bytes.length - (i + 1) < length) {
                    return false;
                }
                start = next;
                body = i + 1;
                end = body + length;
                next = end;
                return true;
            }
            if (begins(line, i, NAME)) {
                length = number(line + NAME.length, i);
            } else if (begins(line, i, CHUNKED)) {
                throw new IllegalStateException("a chunked body, where none was expected");
            }
            line = i + 1;
        }
        return false;
    }

    /** The bytes that {@link #start()}, {@link #body()} and {@link #end()} count in. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the message begins. */
    int start() {
        return start;
    }

    /** Where its body begins. */
    int body() {
        return body;
    }

    /** Where it ends. */
    int end() {
        return end;
    }

    /** The status, when the message is a response. */
    int status() {
        return (bytes[start + 9] - '0') * 100 + (bytes[start + 10] - '0') * 10 + bytes[start + 11] - '0';
    }

    private boolean begins(int from, int to, byte[] name) {
        if (to - from < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            // Letters differ from their capitals in one bit; '-' and ':' have that bit already.
            if ((bytes[from + i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int number(int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] >= '0' && bytes[i] <= '9') {
                value = value * 10 + bytes[i] - '0';
            }
        }
        return value;
    }
}
