package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The row of {@link Table#MESSAGE}.
 *
 * @param appendedAt when its deliveries became due first, by the store's steady clock, in milliseconds since 1970
 * @param endpoints those that got a delivery
 */
record MessageRow(Message message, long appendedAt, List<EndpointId> endpoints) {
    private static final byte VERSION = 1;
    private static final int OVERHEAD = 96;
    private static final Buffer NO_PAYLOAD = Buffer.buffer();

    MessageRow {
        endpoints = List.copyOf(endpoints);
    }

    MessageRow withMessage(Message changed) {
        return new MessageRow(changed, appendedAt, endpoints);
    }

    MessageRow withEndpoint(EndpointId endpoint) {
        List<EndpointId> more = new ArrayList<>(endpoints);
        more.add(endpoint);
        return new MessageRow(message, appendedAt, more);
    }

    byte[] encode() {
        RowWriter out = new RowWriter(VERSION, OVERHEAD + endpoints.size() * Keys.ID);
        out.number(message.createdAt().toEpochMilli())
                .number(message.contentExpiresAt().toEpochMilli())
                .number(appendedAt)
                .text(message.eventType())
                .text(message.eventId() == null ? "" : message.eventId())
                .number(message.channels().size());
        message.channels().forEach(out::text);
        out.number(endpoints.size());
        for (EndpointId endpoint : endpoints) {
            out.id(endpoint.value());
        }
        return out.bytesWith(message.payload() == null ? NO_PAYLOAD : message.payload());
    }

    /** @param now after the end of its retention a payload counts as gone */
    static MessageRow decode(ApplicationId application, MessageId id, byte[] row, boolean withPayload, Instant now) {
        RowReader in = new RowReader(row);
        Instant createdAt = Instant.ofEpochMilli(in.number());
        Instant expiresAt = Instant.ofEpochMilli(in.number());
        long appendedAt = in.number();
        String eventType = in.text();
        String eventId = in.text();
        Set<String> channels = new HashSet<>();
        for (long left = in.number(); left > 0; left--) {
            channels.add(in.text());
        }
        int fanOut = (int) in.number();
        List<EndpointId> endpoints = new ArrayList<>(fanOut);
        for (int i = 0; i < fanOut; i++) {
            endpoints.add(new EndpointId(EndpointId.PREFIX + in.id()));
        }
        Message message = new Message(
                id,
                application,
                eventType,
                eventId.isEmpty() ? null : eventId,
                channels,
                createdAt,
                expiresAt,
                withPayload && now.isBefore(expiresAt) ? payload(in) : null);
        return new MessageRow(message, appendedAt, endpoints);
    }

    /** An accepted payload has at least one byte, so that an empty one says that it was dropped. */
    private static @Nullable Buffer payload(RowReader in) {
        byte[] bytes = in.block();
        return bytes.length == 0 ? null : Buffer.buffer(bytes);
    }
}
