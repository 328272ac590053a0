package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies a message; it is also the {@code webhook-id} of every attempt: {@code msg_} and a {@link SortableId}. */
public record MessageId(@JsonValue String value) implements Comparable<MessageId> {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "msg_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public MessageId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier msg_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return SortableId.isValid(PREFIX, text);
    }

    /** A new identifier of the given time, in milliseconds since 1970. */
    public static MessageId at(long epochMillis) {
        return new MessageId(SortableId.next(PREFIX, epochMillis));
    }

    /** The identifier of 20 stored bytes. */
    public static MessageId of(byte[] bytes) {
        return new MessageId(PREFIX + SortableId.encode(bytes));
    }

    /** The 20 bytes to store; their order is the order of identifiers. */
    public byte[] bytes() {
        return SortableId.decode(value);
    }

    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
