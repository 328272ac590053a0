package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies one attempt: {@code atmpt_} and a {@link SortableId}. */
public record AttemptId(@JsonValue String value) implements Comparable<AttemptId> {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "atmpt_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public AttemptId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier atmpt_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return SortableId.isValid(PREFIX, text);
    }

    /** A new identifier of the given time, in milliseconds since 1970. */
    public static AttemptId at(long epochMillis) {
        return new AttemptId(SortableId.next(PREFIX, epochMillis));
    }

    /** The identifier of 20 stored bytes. */
    public static AttemptId of(byte[] bytes) {
        return new AttemptId(PREFIX + SortableId.encode(bytes));
    }

    /** The 20 bytes to store; their order is the order of identifiers. */
    public byte[] bytes() {
        return SortableId.decode(value);
    }

    @Override
    public int compareTo(AttemptId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
