package io.posthorn.app.cluster;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a node of Posthorn shows before it speaks, so that others can tell whether they would understand it. Other programs
 * in the cluster show none.
 *
 * @param wireMajor of the format in which it speaks
 */
public record MemberCard(String version, int wireMajor) {
    private static final String VERSION = "posthorn.version";
    private static final String WIRE = "posthorn.wire";

    JsonObject toJson() {
        return new JsonObject().put(VERSION, version).put(WIRE, wireMajor);
    }

    /** Null for another program's. */
    static @Nullable MemberCard of(@Nullable JsonObject metadata) {
        return metadata != null
                        && metadata.getValue(WIRE) instanceof Integer wire
                        && metadata.getValue(VERSION) instanceof String version
                ? new MemberCard(version, wire)
                : null;
    }
}
