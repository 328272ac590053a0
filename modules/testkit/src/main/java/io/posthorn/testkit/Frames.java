package io.posthorn.testkit;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 (RFC 9113) as bytes. Nothing is checked: wrong ones are wanted too. */
final class Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int PING = 6;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** Of SETTINGS and PING. */
    static final int ACK = 1;

    static final int MOST_STREAMS = 3;
    static final int INITIAL_WINDOW = 4;

    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int PUSH_PROMISE = 5;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int UNKNOWN = 0x42;

    /** Of the static table of HPACK (RFC 7541): the name, and the only status that is written here in one byte. */
    private static final int STATUS_NAME = 8;

    private static final int STATUS_200 = 0x88;

    private Frames() {}

    static Buffer frame(int type, int flags, int stream, Buffer payload) {
        return Buffer.buffer()
                .appendMedium(payload.length())
                .appendByte((byte) type)
                .appendByte((byte) flags)
                .appendInt(stream)
                .appendBuffer(payload);
    }

    /** @param idsAndValues one after the other */
    static Buffer settings(int... idsAndValues) {
        Buffer payload = Buffer.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.appendUnsignedShort(idsAndValues[i]).appendInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload);
    }

    static Buffer settingsAck() {
        return frame(SETTINGS, ACK, 0, Buffer.buffer());
    }

    static Buffer ping() {
        return frame(PING, 0, 0, Buffer.buffer().appendLong(7));
    }

    static Buffer goAway(int lastStream, int code, String reason) {
        return frame(
                GOAWAY,
                0,
                0,
                Buffer.buffer().appendInt(lastStream).appendInt(code).appendString(reason));
    }

    static Buffer reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, Buffer.buffer().appendInt(code));
    }

    static Buffer priority(int stream) {
        return frame(PRIORITY, 0, stream, Buffer.buffer().appendInt(0).appendByte((byte) 1));
    }

    static Buffer windowUpdate(int stream) {
        return frame(WINDOW_UPDATE, 0, stream, Buffer.buffer().appendInt(1));
    }

    static Buffer unknown() {
        return frame(UNKNOWN, 0, 0, Buffer.buffer());
    }

    /** The beginning of an answer with status 200. */
    static Buffer ok(int stream, int flags) {
        return frame(HEADERS, flags, stream, Buffer.buffer().appendByte((byte) STATUS_200));
    }

    /** @param status three characters */
    static Buffer status(int stream, int flags, String status) {
        return frame(
                HEADERS,
                flags,
                stream,
                Buffer.buffer()
                        .appendByte((byte) STATUS_NAME)
                        .appendByte((byte) status.length())
                        .appendString(status, StandardCharsets.US_ASCII.name()));
    }

    /** A header of 4000 bytes that goes into the table of the reader, and so often a reference to it. */
    static Buffer bomb(int stream, int times) {
        Buffer block = Buffer.buffer()
                .appendByte((byte) STATUS_200)
                .appendBytes(new byte[] {0x40, 1, 'x', 0x7f, (byte) 0xa1, 0x1e})
                .appendString("y".repeat(4000));
        for (int i = 0; i < times; i++) {
            block.appendByte((byte) 0xbe);
        }
        return frame(HEADERS, END_HEADERS, stream, block);
    }

    static Buffer continuation(int stream) {
        return frame(CONTINUATION, 0, stream, Buffer.buffer(new byte[] {0x00, 1, 'a', 1, 'b'}));
    }

    static Buffer promise(int stream, int promised) {
        return frame(
                PUSH_PROMISE,
                END_HEADERS,
                stream,
                Buffer.buffer().appendInt(promised).appendByte((byte) STATUS_200));
    }

    static Buffer data(int stream, int flags, String text) {
        return frame(DATA, flags, stream, Buffer.buffer(text));
    }
}
