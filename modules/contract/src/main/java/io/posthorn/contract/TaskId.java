package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies a background task: {@code qtask_} and a {@link SortableId}. */
public record TaskId(@JsonValue String value) implements Comparable<TaskId> {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "qtask_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public TaskId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier qtask_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return SortableId.isValid(PREFIX, text);
    }

    /** A new identifier of the given time, in milliseconds since 1970. */
    public static TaskId at(long epochMillis) {
        return new TaskId(SortableId.next(PREFIX, epochMillis));
    }

    /** The identifier of 20 stored bytes. */
    public static TaskId of(byte[] bytes) {
        return new TaskId(PREFIX + SortableId.encode(bytes));
    }

    /** The 20 bytes to store; their order is the order of identifiers. */
    public byte[] bytes() {
        return SortableId.decode(value);
    }

    @Override
    public int compareTo(TaskId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
