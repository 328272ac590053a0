package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One accepted event.
 *
 * @param eventId the caller's own name for it, unique in the application, or null
 * @param contentExpiresAt when the payload may be dropped
 * @param payload the bytes as they were accepted, never changed by anyone; null when expunged or expired, or not asked
 *     for
 */
public record Message(
        MessageId id,
        ApplicationId application,
        String eventType,
        @Nullable String eventId,
        Set<String> channels,
        Instant createdAt,
        Instant contentExpiresAt,
        @Nullable Buffer payload) {
    public Message {
        channels = Copies.set(channels);
    }

    /** The same message without its payload. */
    public Message withoutPayload() {
        return payload == null
                ? this
                : new Message(id, application, eventType, eventId, channels, createdAt, contentExpiresAt, null);
    }
}
