package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.OrganizationId;
import io.posthorn.storage.rows.BareId;
import io.posthorn.storage.rows.StoredEnum;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How keys are made. Ids are their 27 characters without prefix; numbers are big-endian; an organisation or name of
 * variable length ends with a zero byte where something follows.
 */
final class Keys {
    static final int ID = BareId.LENGTH;

    /** Length of a key of {@link Table#QUEUE}: endpoint, class, due time, message. */
    static final int QUEUE_KEY = ID + 1 + Long.BYTES + ID;

    private static final byte APPLICATION = 'A';
    private static final byte APPLICATION_OWNER = 'O';
    private static final byte APPLICATION_UID = 'U';
    private static final byte ENDPOINT = 'E';
    private static final byte ENDPOINT_UID = 'V';
    private static final byte EVENT_TYPE = 'T';

    private Keys() {}

    static byte[] application(OrganizationId organization, ApplicationId id) {
        return named(APPLICATION, organization.value(), bare(id.value()));
    }

    /** Before the first application of an organisation; {@link #after} of it is behind the last. */
    static byte[] applications(OrganizationId organization) {
        return named(APPLICATION, organization.value(), new byte[0]);
    }

    static byte[] applicationOwner(ApplicationId id) {
        return tagged(APPLICATION_OWNER, bare(id.value()));
    }

    static byte[] applicationUid(OrganizationId organization, String uid) {
        return named(APPLICATION_UID, organization.value(), bytes(uid));
    }

    static byte[] endpoint(ApplicationId application, EndpointId id) {
        return tagged(ENDPOINT, bare(application.value()), bare(id.value()));
    }

    static byte[] endpoints(ApplicationId application) {
        return tagged(ENDPOINT, bare(application.value()));
    }

    static byte[] endpointUid(ApplicationId application, String uid) {
        return tagged(ENDPOINT_UID, bare(application.value()), bytes(uid));
    }

    static byte[] eventType(OrganizationId organization, String name) {
        return named(EVENT_TYPE, organization.value(), bytes(name));
    }

    static byte[] eventTypes(OrganizationId organization) {
        return named(EVENT_TYPE, organization.value(), new byte[0]);
    }

    static byte[] message(ApplicationId application, MessageId id) {
        return concat(bare(application.value()), bare(id.value()));
    }

    static byte[] eventId(ApplicationId application, String eventId) {
        return concat(bare(application.value()), bytes(eventId));
    }

    static byte[] idempotency(int day, String digest) {
        return concat(day(day), bytes(digest));
    }

    static byte[] day(int day) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(day).array();
    }

    static byte[] queue(EndpointId endpoint, QueueEntry entry) {
        ByteBuffer key = ByteBuffer.allocate(QUEUE_KEY);
        key.put(bare(endpoint.value()))
                .put((byte) StoredEnum.code(entry.queueClass()))
                .putLong(entry.due())
                .put(bare(entry.message().value()));
        return key.array();
    }

    static byte[] queue(EndpointId endpoint) {
        return bare(endpoint.value());
    }

    static byte[] queue(EndpointId endpoint, QueueClass queueClass) {
        return concat(bare(endpoint.value()), new byte[] {(byte) StoredEnum.code(queueClass)});
    }

    static QueueEntry queueEntry(byte[] key, byte[] value) {
        ByteBuffer parts = ByteBuffer.wrap(key, ID, QUEUE_KEY - ID);
        QueueClass queueClass = QueueClass.of(parts.get());
        long due = parts.getLong();
        MessageId message = new MessageId(MessageId.PREFIX + text(key, ID + 1 + Long.BYTES, ID));
        return QueueEntry.of(queueClass, due, message, value);
    }

    static byte[] delivery(EndpointId endpoint, MessageId message) {
        return concat(bare(endpoint.value()), bare(message.value()));
    }

    static byte[] attempt(MessageId message, AttemptId attempt) {
        return concat(bare(message.value()), bare(attempt.value()));
    }

    static byte[] attemptOfEndpoint(EndpointId endpoint, AttemptId attempt) {
        return concat(bare(endpoint.value()), bare(attempt.value()));
    }

    static byte[] lease(long fence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(fence).array();
    }

    /** The 27 characters of an id, as bytes. */
    static byte[] bare(String id) {
        return BareId.of(id);
    }

    /** The lowest key that is higher than all keys with this prefix. */
    static byte[] after(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (++end[i] != 0) {
                return Arrays.copyOf(end, i + 1);
            }
        }
        return new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    }

    /** The lowest key that is higher than this one. */
    static byte[] next(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] key = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, key, first.length, second.length);
        return key;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes, int start, int length) {
        return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
    }

    private static byte[] tagged(byte tag, byte[]... parts) {
        int length = 1;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer key = ByteBuffer.allocate(length).put(tag);
        for (byte[] part : parts) {
            key.put(part);
        }
        return key.array();
    }

    private static byte[] named(byte tag, String owner, byte[] name) {
        return tagged(tag, bytes(owner), new byte[] {0}, name);
    }
}
