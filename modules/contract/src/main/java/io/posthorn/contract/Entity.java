package io.posthorn.contract;

import java.time.Instant;

/** What an operator or tenant configures: an {@link Application}, an {@link Endpoint} or an {@link EventType}. */
public sealed interface Entity permits Application, Endpoint, EventType {
    /**
     * Grows by one with each stored change; 0 is an entity that is not stored yet. A save must name the version that
     * it changes.
     */
    long version();

    /** When it was made. */
    Instant createdAt();

    /** When somebody changed it last. */
    Instant updatedAt();

    /** The same entity as stored under that version. */
    Entity withVersion(long version);
}
