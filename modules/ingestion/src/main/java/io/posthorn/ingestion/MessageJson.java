package io.posthorn.ingestion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.posthorn.contract.Message;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes messages around the very bytes of their payload, which is never parsed into objects or written anew. */
final class MessageJson {
    private static final int ROOM = 256;
    private static final String NO_CONTENT = "{}";
    private static final String EXPIRED = "{\"expired\":true}";
    private static final JsonFactory JSON = new JsonFactory();

    /** What is shown of a payload. */
    private enum Content {
        HIDDEN,
        SHOWN,
        GONE;

        static Content of(boolean isObject) {
            return isObject ? SHOWN : GONE;
        }
    }

    private MessageJson() {}

    /** A whole message that was just accepted. */
    static Buffer write(MessageAcceptance.Accepted accepted, boolean withContent) {
        Message message = accepted.message();
        return whole(message, withContent ? Content.of(accepted.isObject()) : Content.HIDDEN);
    }

    /** A whole message as it is stored. */
    static Buffer write(Message message, boolean withContent) {
        return whole(message, withContent ? Content.of(isObject(message.payload())) : Content.HIDDEN);
    }

    private static Buffer whole(Message message, Content content) {
        Buffer payload = message.payload();
        Buffer out = Buffer.buffer(ROOM + (content == Content.SHOWN && payload != null ? payload.length() : 0));
        append(out, message, content, null);
        return out;
    }

    /**
     * Appends a message.
     *
     * @param more further members, as JSON text without braces, or null
     */
    static void append(Buffer out, Message message, boolean withContent, @Nullable String more) {
        append(out, message, withContent ? Content.of(isObject(message.payload())) : Content.HIDDEN, more);
    }

    private static void append(Buffer out, Message message, Content content, @Nullable String more) {
        StringBuilder head = new StringBuilder(ROOM)
                .append("{\"id\":\"")
                .append(message.id().value())
                .append("\",\"eventType\":");
        appendQuoted(head, message.eventType());
        if (message.eventId() != null) {
            head.append(",\"eventId\":");
            appendQuoted(head, message.eventId());
        }
        head.append(",\"channels\":");
        appendChannels(head, message);
        head.append(",\"timestamp\":\"").append(message.createdAt()).append('"');
        if (more != null) {
            head.append(',').append(more);
        }
        head.append(",\"payload\":");
        Buffer payload = message.payload();
        if (content == Content.SHOWN && payload != null) {
            out.appendString(head.toString()).appendBuffer(payload).appendByte((byte) '}');
        } else {
            head.append(content == Content.HIDDEN ? NO_CONTENT : EXPIRED).append('}');
            out.appendString(head.toString());
        }
    }

    private static void appendChannels(StringBuilder out, Message message) {
        if (message.channels().isEmpty()) {
            out.append("null");
            return;
        }
        char before = '[';
        for (String channel : new TreeSet<>(message.channels())) {
            appendQuoted(out.append(before), channel);
            before = ',';
        }
        out.append(']');
    }

    private static void appendQuoted(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                out.append(Json.encode(text));
                return;
            }
        }
        out.append('"').append(text).append('"');
    }

    /** Whether the bytes are one JSON object: a raw payload may be anything. */
    private static boolean isObject(@Nullable Buffer payload) {
        if (payload == null) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(payload.getBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }
}
