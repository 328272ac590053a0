package io.posthorn.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event that an organisation publishes.
 *
 * @param name unique in the organisation, such as {@code invoice.paid}
 * @param schemas a JSON object from version to JSON Schema, as text, or null
 * @param featureFlag shown only to application tokens that carry this flag, or null
 */
public record EventType(
        String name,
        OrganizationId organization,
        String description,
        boolean archived,
        boolean deprecated,
        @Nullable String schemas,
        @Nullable String featureFlag,
        Instant createdAt,
        Instant updatedAt,
        long version)
        implements Entity {
    @Override
    public EventType withVersion(long newVersion) {
        return new EventType(
                name,
                organization,
                description,
                archived,
                deprecated,
                schemas,
                featureFlag,
                createdAt,
                updatedAt,
                newVersion);
    }
}
