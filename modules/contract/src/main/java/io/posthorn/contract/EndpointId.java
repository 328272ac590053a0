package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies an endpoint: {@code ep_} and a {@link SortableId}. */
public record EndpointId(@JsonValue String value) implements Comparable<EndpointId> {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "ep_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public EndpointId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier ep_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return SortableId.isValid(PREFIX, text);
    }

    /** A new identifier of the given time, in milliseconds since 1970. */
    public static EndpointId at(long epochMillis) {
        return new EndpointId(SortableId.next(PREFIX, epochMillis));
    }

    /** The identifier of 20 stored bytes. */
    public static EndpointId of(byte[] bytes) {
        return new EndpointId(PREFIX + SortableId.encode(bytes));
    }

    /** The 20 bytes to store; their order is the order of identifiers. */
    public byte[] bytes() {
        return SortableId.decode(value);
    }

    @Override
    public int compareTo(EndpointId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
