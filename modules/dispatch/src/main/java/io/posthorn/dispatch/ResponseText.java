package io.posthorn.dispatch;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The text of an attempt's record. */
final class ResponseText {
    private ResponseText() {}

    static String of(AttemptOutcome outcome) {
        if (outcome instanceof AttemptOutcome.Answered answered) {
            return text(answered.body(), answered.cut());
        }
        if (outcome instanceof AttemptOutcome.Failed failed) {
            return failed.reason();
        }
        if (outcome instanceof AttemptOutcome.TimedOut timedOut) {
            return timedOut.reason();
        }
        return AttemptOutcome.Blocked.REASON;
    }

    /** The body as text when it is UTF-8, else in base64. A character that the cut has split is left out. */
    private static String text(Buffer body, boolean cut) {
        if (body.length() == 0) {
            return "";
        }
        byte[] bytes = body.getBytes();
        int end = cut ? endOfWhole(bytes) : bytes.length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, end))
                    .toString();
        } catch (CharacterCodingException binary) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    private static int endOfWhole(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int lead = bytes[bytes.length - back] & 0xff;
            if (lead >= 0xc0) {
                int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
                return length > back ? bytes.length - back : bytes.length;
            }
            if (lead < 0x80) {
                return bytes.length;
            }
        }
        return bytes.length;
    }
}
