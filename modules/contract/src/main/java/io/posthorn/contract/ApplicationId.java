package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Identifies an application (a tenant): {@code app_} and a {@link SortableId}. */
public record ApplicationId(@JsonValue String value) implements Comparable<ApplicationId> {
    /** The prefix of every such identifier. */
    public static final String PREFIX = "app_";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ApplicationId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an identifier app_...: " + value);
        }
    }

    /** Whether the text is such an identifier. */
    public static boolean isValid(String text) {
        return SortableId.isValid(PREFIX, text);
    }

    /** A new identifier of the given time, in milliseconds since 1970. */
    public static ApplicationId at(long epochMillis) {
        return new ApplicationId(SortableId.next(PREFIX, epochMillis));
    }

    /** The identifier of 20 stored bytes. */
    public static ApplicationId of(byte[] bytes) {
        return new ApplicationId(PREFIX + SortableId.encode(bytes));
    }

    /** The 20 bytes to store; their order is the order of identifiers. */
    public byte[] bytes() {
        return SortableId.decode(value);
    }

    @Override
    public int compareTo(ApplicationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
