package io.posthorn.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one process of a cluster, unique over its restarts. */
public record NodeId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public NodeId {
        if (value.isEmpty() || value.length() > 64) {
            throw new IllegalArgumentException("a node id has 1 to 64 characters: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
