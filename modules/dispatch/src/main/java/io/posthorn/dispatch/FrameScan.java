package io.posthorn.dispatch;

import io.netty.buffer.ByteBuf;

/** Goes along the frames of one side of an HTTP/2 connection (RFC 9113, section 4.1), and reads only the first settings. */
final class FrameScan {
    private static final int HEADER_BYTES = 9;
    private static final int LENGTH_BYTES = 3;
    private static final int DATA = 0;
    private static final int SETTING_BYTES = 6;
    private static final int SETTING_ID_BYTES = 2;
    private static final int MAX_CONCURRENT_STREAMS = 3;

    private long frames;
    private long bytes;
    private boolean first = true;
    private boolean begun;

    /** Where in a frame's header the next byte is, and what the header said so far. */
    private int at;

    private int length;
    private int type;
    private int payloadLeft;

    /** Where in a setting the next byte is, and what it is so far. */
    private int settingAt;

    private int settingId;
    private long settingValue;
    private long mostStreams = Long.MAX_VALUE;

    /** What came next. Its indexes stay. */
    void read(ByteBuf received) {
        bytes += received.readableBytes();
        int end = received.writerIndex();
        int index = received.readerIndex();
        while (index < end) {
            if (payloadLeft > 0 && !first) {
                int skipped = Math.min(payloadLeft, end - index);
                payloadLeft -= skipped;
                index += skipped;
            } else {
                take(received.getUnsignedByte(index));
                index++;
            }
        }
    }

    /** How many frames were begun, without those that carry a body. */
    long frames() {
        return frames;
    }

    /** How many bytes came. */
    long bytes() {
        return bytes;
    }

    /** Whether the first frame has come. It can only be settings: to any other the decoder ends the connection. */
    boolean isBegun() {
        return begun;
    }

    /** Whether the first settings say that no stream may be opened. */
    boolean letsInNothing() {
        return begun && mostStreams == 0;
    }

    private void take(int next) {
        if (payloadLeft > 0) {
            setting(next);
            payloadLeft--;
        } else {
            header(next);
        }
        if (first && at == 0 && payloadLeft == 0) {
            first = false;
            begun = true;
        }
    }

    private void header(int next) {
        if (at < LENGTH_BYTES) {
            length = length << 8 | next;
        } else if (at == LENGTH_BYTES) {
            type = next;
        }
        at++;
        if (at == HEADER_BYTES) {
            if (type != DATA || length == 0) {
                frames++;
            }
            payloadLeft = length;
            at = 0;
            length = 0;
        }
    }

    private void setting(int next) {
        if (settingAt < SETTING_ID_BYTES) {
            settingId = settingId << 8 | next;
        } else {
            settingValue = settingValue << 8 | next;
        }
        settingAt++;
        if (settingAt == SETTING_BYTES) {
            if (settingId == MAX_CONCURRENT_STREAMS) {
                mostStreams = settingValue;
            }
            settingAt = 0;
            settingId = 0;
            settingValue = 0;
        }
    }
}
