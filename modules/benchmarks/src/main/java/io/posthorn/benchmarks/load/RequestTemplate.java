package io.posthorn.benchmarks.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * A whole HTTP request, prepared once; only digits change. {@code #TYPE###} stands for the number of an event type,
 * {@code #AT################} for the moment of sending, {@code #KEY###############} for a number that no other request
 * of the run has. Immutable.
 */
public final class RequestTemplate {
    /** Eight digits: the number of an event type. */
    public static final String TYPE = "#TYPE###";
    /** Nineteen digits: the intended moment of sending, in nanoseconds of this machine's monotonic clock. */
    public static final String AT = "#AT################";
    /** Nineteen digits: unique. */
    public static final String KEY = "#KEY###############";

    private final byte[] bytes;
    private final int type;
    private final int at;
    private final int key;

    private RequestTemplate(byte[] bytes, String text) {
        this.bytes = bytes;
        this.type = text.indexOf(TYPE);
        this.at = text.indexOf(AT);
        this.key = text.indexOf(KEY);
    }

    /** A POST request; the head's lines are separated by CRLF and lack their end, ASCII only. */
    static RequestTemplate of(String head, String body) {
        String text = head + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
        return new RequestTemplate(text.getBytes(StandardCharsets.US_ASCII), text);
    }

    /** The bytes of one request. */
    Buffer request(long typeNumber, long atNanos, long uniqueNumber) {
        byte[] copy = bytes.clone();
        if (type >= 0) {
            Digits.write(copy, type, TYPE.length(), typeNumber);
        }
        if (at >= 0) {
            Digits.write(copy, at, AT.length(), atNanos);
        }
        if (key >= 0) {
            Digits.write(copy, key, KEY.length(), uniqueNumber);
        }
        return Buffer.buffer(copy);
    }
}
