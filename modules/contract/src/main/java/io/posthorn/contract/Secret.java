package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A text that is never shown: {@link #toString()} hides it. Ask for {@link #value()} only where it is used. */
public record Secret(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Secret {}

    @Override
    public String toString() {
        return "[redacted]";
    }
}
