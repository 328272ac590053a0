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

    private MessageJson() {}

    /** A whole message. */
    static Buffer write(Message message, boolean withContent) {
        Buffer payload = message.payload();
        Buffer out = Buffer.buffer(ROOM + (withContent && payload != null ? payload.length() : 0));
        append(out, message, withContent, null);
        return out;
    }

    /**
     * Appends a message.
     *
     * @param more further members, as JSON text without braces, or null
     */
    static void append(Buffer out, Message message, boolean withContent, @Nullable String more) {
        out.appendString("{\"id\":\"").appendString(message.id().value());
        out.appendString("\",\"eventType\":").appendString(quoted(message.eventType()));
        if (message.eventId() != null) {
            out.appendString(",\"eventId\":").appendString(quoted(message.eventId()));
        }
        out.appendString(",\"channels\":").appendString(channels(message));
        out.appendString(",\"timestamp\":\"").appendString(message.createdAt().toString());
        out.appendString("\"");
        if (more != null) {
            out.appendString(",").appendString(more);
        }
        out.appendString(",\"payload\":");
        Buffer payload = message.payload();
        if (!withContent) {
            out.appendString(NO_CONTENT);
        } else if (payload == null || !isObject(payload)) {
            out.appendString(EXPIRED);
        } else {
            out.appendBuffer(payload);
        }
        out.appendString("}");
    }

    private static String channels(Message message) {
        if (message.channels().isEmpty()) {
            return "null";
        }
        StringBuilder list = new StringBuilder("[");
        for (String channel : new TreeSet<>(message.channels())) {
            list.append(list.length() == 1 ? "" : ",").append(quoted(channel));
        }
        return list.append(']').toString();
    }

    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return Json.encode(text);
            }
        }
        return '"' + text + '"';
    }

    /** Whether the bytes are one JSON object: a raw payload may be anything. */
    static boolean isObject(Buffer payload) {
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
