package io.posthorn.contract;

import java.time.Duration;
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
    /**
     * How long an event type that was read may be used. Who changes one acknowledges the change only that much later, so
     * that every message handed over after the acknowledgement is held against what was changed, on every node.
     */
    public static final Duration LEASE = Duration.ofMillis(500);

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
