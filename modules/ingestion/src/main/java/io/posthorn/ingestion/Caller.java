package io.posthorn.ingestion;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, as its verified token says.
 *
 * @param application the only application that it may see, or null for all of the organisation
 * @param featureFlags the flags of an application token; empty for an organisation
 */
record Caller(OrganizationId organization, @Nullable ApplicationId application, Set<String> featureFlags) {
    Caller {
        featureFlags = Set.copyOf(featureFlags);
    }

    /** The text that names it, for digests. */
    String subject() {
        return application == null ? organization.value() : organization.value() + "/" + application.value();
    }

    boolean isOrganization() {
        return application == null;
    }
}
