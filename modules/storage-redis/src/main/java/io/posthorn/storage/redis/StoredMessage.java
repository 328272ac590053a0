package io.posthorn.storage.redis;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.SortableId;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code m:M}: what scripts must read of it as digits and characters of fixed length (13 when it was
 * accepted, 13 when its content expires, 27 the application, 5 how many endpoints it went to, 6 the length of the header,
 * 27 each endpoint), then the header, then the payload. No payload is one that was dropped.
 *
 * @param acceptedAt by the store's steady clock, in milliseconds since 1970: when its deliveries were due first
 * @param endpoints those that got a delivery when it was accepted
 */
record StoredMessage(Message message, long acceptedAt, List<EndpointId> endpoints) {
    /** The most endpoints that one message can go to. */
    static final int MAX_FAN_OUT = 99_999;

    private static final byte VERSION = 1;
    private static final int TIME = 13;
    private static final long MAX_TIME = 9_999_999_999_999L;
    private static final int FIXED = 64;

    StoredMessage {
        endpoints = List.copyOf(endpoints);
    }

    /** All but the time of acceptance, which the script puts before it. */
    static byte[] encode(Message message, List<EndpointId> endpoints) {
        RowWriter header = new RowWriter(VERSION);
        header.text(message.eventType())
                .text(message.eventId() == null ? "" : message.eventId())
                .number(message.channels().size());
        message.channels().forEach(header::text);
        byte[] head = header.bytes();
        long expires = Math.max(0, Math.min(MAX_TIME, message.contentExpiresAt().toEpochMilli()));
        StringBuilder fixed = new StringBuilder(FIXED + SortableId.CHARACTERS * endpoints.size());
        fixed.append(String.format(Locale.ROOT, "%013d", expires))
                .append(Names.bare(message.application().value()))
                .append(String.format(Locale.ROOT, "%05d%06d", endpoints.size(), head.length));
        for (EndpointId endpoint : endpoints) {
            fixed.append(Names.bare(endpoint.value()));
        }
        Buffer payload = message.payload();
        int size = fixed.length() + head.length + (payload == null ? 0 : payload.length());
        Buffer row = Buffer.buffer(size).appendString(fixed.toString()).appendBytes(head);
        return (payload == null ? row : row.appendBuffer(payload)).getBytes();
    }

    /** @param now by the clock of Redis; after the end of its retention a payload counts as gone */
    static StoredMessage decode(MessageId id, byte[] row, boolean withPayload, long now) {
        long acceptedAt = digits(row, 0, TIME);
        long expires = digits(row, TIME, 2 * TIME);
        ApplicationId application = new ApplicationId(ApplicationId.PREFIX + text(row, 2 * TIME));
        int fanOut = (int) digits(row, FIXED - 11, FIXED - 6);
        int headLength = (int) digits(row, FIXED - 6, FIXED);
        List<EndpointId> endpoints = new ArrayList<>(fanOut);
        int position = FIXED;
        for (int i = 0; i < fanOut; i++) {
            endpoints.add(new EndpointId(EndpointId.PREFIX + text(row, position)));
            position += SortableId.CHARACTERS;
        }
        byte[] head = new byte[headLength];
        System.arraycopy(row, position, head, 0, headLength);
        RowReader in = new RowReader(head);
        String eventType = in.text();
        String eventId = in.text();
        Set<String> channels = new HashSet<>();
        for (long left = in.number(); left > 0; left--) {
            channels.add(in.text());
        }
        position += headLength;
        Message message = new Message(
                id,
                application,
                eventType,
                eventId.isEmpty() ? null : eventId,
                channels,
                Instant.ofEpochMilli(SortableId.epochMillis(id.value())),
                Instant.ofEpochMilli(expires),
                withPayload && now < expires ? payload(row, position) : null);
        return new StoredMessage(message, acceptedAt, endpoints);
    }

    private static @Nullable Buffer payload(byte[] row, int position) {
        return position == row.length ? null : Buffer.buffer(row).slice(position, row.length);
    }

    private static String text(byte[] row, int start) {
        return new String(row, start, SortableId.CHARACTERS, StandardCharsets.ISO_8859_1);
    }

    private static long digits(byte[] row, int start, int end) {
        return Long.parseLong(new String(row, start, end - start, StandardCharsets.ISO_8859_1));
    }
}
