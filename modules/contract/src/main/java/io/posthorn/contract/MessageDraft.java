package io.posthorn.contract;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message create request, as it came.
 *
 * @param body JSON text in UTF-8
 * @param organization whose event types apply; null from a node of an older version, and then no schema is applied
 */
public record MessageDraft(Buffer body, @Nullable OrganizationId organization) {}
