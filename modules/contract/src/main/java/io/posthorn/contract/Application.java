package io.posthorn.contract;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tenant: the owner of endpoints and messages.
 *
 * @param uid the caller's own name for it, unique in the organisation, or null
 * @param throttleRate deliveries per second to all its endpoints together, or null for no limit
 */
public record Application(
        ApplicationId id,
        OrganizationId organization,
        @Nullable String uid,
        String name,
        @Nullable Integer throttleRate,
        Map<String, String> metadata,
        Instant createdAt,
        Instant updatedAt,
        long version)
        implements Entity {
    public Application {
        metadata = Copies.map(metadata);
    }

    @Override
    public Application withVersion(long newVersion) {
        return new Application(id, organization, uid, name, throttleRate, metadata, createdAt, updatedAt, newVersion);
    }

    /** The same application without a name of the caller's own. */
    public Application withoutUid() {
        return new Application(id, organization, null, name, throttleRate, metadata, createdAt, updatedAt, version);
    }
}
