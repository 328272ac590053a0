package io.posthorn.ingestion;

import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads and writes event types. */
final class EventTypeJson {
    private EventTypeJson() {}

    /** The fields of a whole event type, but its name. */
    record In(
            String description,
            boolean archived,
            boolean deprecated,
            @Nullable String schemas,
            @Nullable String featureFlag) {
        EventType create(OrganizationId organization, String name, Instant now) {
            return new EventType(
                    name, organization, description, archived, deprecated, schemas, featureFlag, now, now, 0);
        }

        EventType replace(EventType old, Instant now) {
            return new EventType(
                    old.name(),
                    old.organization(),
                    description,
                    archived,
                    deprecated,
                    schemas,
                    featureFlag,
                    old.createdAt(),
                    now,
                    old.version());
        }
    }

    /** Reads all fields but the name; the caller ends the fields. */
    static In read(Fields fields) {
        return new In(
                fields.requiredText("description"),
                fields.flagOr("archived", false),
                fields.flagOr("deprecated", false),
                schemas(fields),
                fields.text("featureFlag"));
    }

    /** The event type with the fields that are there changed. */
    static EventType patch(Fields fields, EventType old, Instant now) {
        In in = new In(
                fields.textOr("description", old.description()),
                fields.flagOr("archived", old.archived()),
                fields.flagOr("deprecated", old.deprecated()),
                fields.has("schemas") ? schemas(fields) : old.schemas(),
                fields.has("featureFlag") ? fields.text("featureFlag") : old.featureFlag());
        fields.end();
        return in.replace(old, now);
    }

    private static @Nullable String schemas(Fields fields) {
        JsonObject schemas = fields.object("schemas");
        return schemas == null ? null : schemas.encode();
    }

    static JsonObject write(EventType type, boolean withContent) {
        String schemas = type.schemas();
        return new JsonObject()
                .put("name", type.name())
                .put("description", type.description())
                .put("archived", type.archived())
                .put("deprecated", type.deprecated())
                .put("schemas", withContent && schemas != null ? new JsonObject(schemas) : null)
                .put("featureFlag", type.featureFlag())
                .put("createdAt", type.createdAt().toString())
                .put("updatedAt", type.updatedAt().toString());
    }
}
