package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages accepted lately, with their payloads, so that their first attempt reads nothing back. Store thread. */
final class MessageCache {
    private final OrderedMap map;
    private final long maxBytes;
    private final Map<MessageId, Message> recent = new LinkedHashMap<>();
    private long bytes;

    MessageCache(OrderedMap map, long maxBytes) {
        this.map = map;
        this.maxBytes = maxBytes;
    }

    /** Keeps a message; the oldest ones are forgotten when there are too many bytes. */
    void put(Message message) {
        long size = size(message);
        if (size > maxBytes / 4) {
            return;
        }
        Message old = recent.put(message.id(), message);
        bytes += size - (old == null ? 0 : size(old));
        Iterator<Message> oldest = recent.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    void remove(MessageId id) {
        Message old = recent.remove(id);
        if (old != null) {
            bytes -= size(old);
        }
    }

    /** The message with its payload, where that is still kept; null when there is no such message. */
    @Nullable
    Message get(ApplicationId application, MessageId id, long now) throws IOException {
        Message known = recent.get(id);
        if (known != null) {
            return known;
        }
        MessageRow row = row(application, id, now);
        return row == null ? null : row.message();
    }

    /** The stored row; null when there is no such message. */
    @Nullable
    MessageRow row(ApplicationId application, MessageId id, long now) throws IOException {
        byte[] row = map.get(Table.MESSAGE, Keys.message(application, id));
        return row == null ? null : MessageRow.decode(application, id, row, true, Instant.ofEpochMilli(now));
    }

    private static long size(Message message) {
        Buffer payload = message.payload();
        return 500L + (payload == null ? 0 : payload.length());
    }
}
