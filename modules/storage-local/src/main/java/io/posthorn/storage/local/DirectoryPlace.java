package io.posthorn.storage.local;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EventType;
import org.jspecify.annotations.Nullable;

/** A place in the directory: the key of an entity, and that of its other name where it has one. */
@SuppressWarnings("ArrayRecordComponent") // never compared; rows are byte arrays from end to end
record DirectoryPlace(byte[] key, String name, byte @Nullable [] uidKey, byte @Nullable [] uidValue) {
    static DirectoryPlace of(Entity entity) {
        if (entity instanceof Application application) {
            byte[] uid = application.uid() == null
                    ? null
                    : Keys.applicationUid(application.organization(), application.uid());
            return new DirectoryPlace(
                    Keys.application(application.organization(), application.id()),
                    application.id().value(),
                    uid,
                    Keys.bare(application.id().value()));
        }
        if (entity instanceof Endpoint endpoint) {
            byte[] uid = endpoint.uid() == null ? null : Keys.endpointUid(endpoint.application(), endpoint.uid());
            return new DirectoryPlace(
                    Keys.endpoint(endpoint.application(), endpoint.id()),
                    endpoint.id().value(),
                    uid,
                    Keys.bare(endpoint.id().value()));
        }
        EventType type = (EventType) entity;
        return new DirectoryPlace(Keys.eventType(type.organization(), type.name()), type.name(), null, null);
    }

    /** The other name of an entity; empty where it has none. */
    static String uid(Entity entity) {
        String uid = entity instanceof Application application
                ? application.uid()
                : entity instanceof Endpoint endpoint ? endpoint.uid() : null;
        return uid == null ? "" : uid;
    }
}
