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

/**
 * Messages accepted lately, with their payloads, so that their first attempts read nothing back. One is forgotten with
 * the last of them: what stays for long would be copied by the garbage collector again and again. Store thread.
 */
final class MessageCache {
    private final OrderedMap map;
    private final long maxBytes;
    private final Map<MessageId, Recent> recent = new LinkedHashMap<>();
    private long bytes;

    /** A message and how many of its deliveries were not handed out yet. */
    private static final class Recent {
        final Message message;
        int firstAttempts;

        Recent(Message message, int firstAttempts) {
            this.message = message;
            this.firstAttempts = firstAttempts;
        }
    }

    MessageCache(OrderedMap map, long maxBytes) {
        this.map = map;
        this.maxBytes = maxBytes;
    }

    /** Keeps a message that goes to so many endpoints; the oldest ones are forgotten when there are too many bytes. */
    void put(Message message, int endpoints) {
        long size = size(message);
        if (size > maxBytes / 4) {
            return;
        }
        Recent old = recent.put(message.id(), new Recent(message, endpoints));
        bytes += size - (old == null ? 0 : size(old.message));
        Iterator<Recent> oldest = recent.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= size(oldest.next().message);
            oldest.remove();
        }
    }

    void remove(MessageId id) {
        Recent old = recent.remove(id);
        if (old != null) {
            bytes -= size(old.message);
        }
    }

    /** The message for one attempt, with its payload where that is still kept; null when there is no such message. */
    @Nullable
    Message take(ApplicationId application, MessageId id, long now) throws IOException {
        Recent known = recent.get(id);
        if (known == null) {
            MessageRow row = row(application, id, now);
            return row == null ? null : row.message();
        }
        if (--known.firstAttempts == 0) {
            remove(id);
        }
        return known.message;
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
