package io.posthorn.storage.local;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.storage.rows.EntityCodec;
import java.io.IOException;

/** Stores and removes applications, endpoints and event types. Runs alone in its group. Store thread. */
final class DirectoryWriter {
    private final OrderedMap map;
    private final DirectoryReader reader;
    private final DirectoryCache cache;
    private final Queues queues;
    private final Steward steward;

    DirectoryWriter(OrderedMap map, DirectoryReader reader, DirectoryCache cache, Queues queues, Steward steward) {
        this.map = map;
        this.reader = reader;
        this.cache = cache;
        this.queues = queues;
        this.steward = steward;
    }

    SaveOutcome save(Requests.Save request, long now, WriteSet writes) throws IOException {
        IdempotencyKey key = request.idempotencyKey();
        IdempotencyRow before = key == null ? null : IdempotencyRow.find(map, key, now);
        if (key != null && before != null) {
            return before.entity() != null && before.bodyDigest().equals(key.bodyDigest())
                    ? new SaveOutcome.Repeated(before.entity())
                    : new SaveOutcome.KeyReused();
        }
        Entity wanted = request.entity();
        DirectoryPlace place = place(wanted);
        byte[] row = map.get(Table.DIRECTORY, place.key());
        Entity stored = row == null ? null : EntityCodec.decode(row);
        if (stored == null && wanted.version() > 0) {
            return new SaveOutcome.Stale();
        }
        if (stored != null && wanted.version() != stored.version()) {
            return wanted.version() == 0 ? new SaveOutcome.NameTaken(place.name()) : new SaveOutcome.Stale();
        }
        byte[] oldUid = stored == null ? null : place(stored).uidKey();
        if (isTaken(place)) {
            return new SaveOutcome.NameTaken(DirectoryPlace.uid(wanted));
        }
        if (oldUid != null) {
            writes.delete(Table.DIRECTORY, oldUid);
        }
        if (place.uidKey() != null && place.uidValue() != null) {
            writes.put(Table.DIRECTORY, place.uidKey(), place.uidValue());
        }
        Entity saved = wanted.withVersion(wanted.version() + 1);
        writes.put(Table.DIRECTORY, place.key(), EntityCodec.encode(saved));
        if (key != null) {
            IdempotencyRow.of(key, saved).put(key, now, writes);
        }
        tellCaches(saved, now, writes);
        return new SaveOutcome.Saved(saved);
    }

    void remove(Removal removal, WriteSet writes) throws IOException {
        if (removal instanceof Removal.OfApplication of) {
            Application application =
                    reader.application(of.organization(), of.application().value());
            if (application == null) {
                throw notFound();
            }
            for (Endpoint endpoint : reader.endpoints(application.id())) {
                remove(endpoint, writes);
            }
            removePlace(place(application), writes);
            writes.delete(Table.DIRECTORY, Keys.applicationOwner(application.id()));
            cache.applicationRemoved(application.id());
        } else if (removal instanceof Removal.OfEndpoint of) {
            Endpoint endpoint = reader.endpoint(of.application(), of.endpoint());
            if (endpoint == null) {
                throw notFound();
            }
            remove(endpoint, writes);
        } else if (removal instanceof Removal.OfEventType of) {
            EventType type = reader.eventType(of.organization(), of.name());
            if (type == null) {
                throw notFound();
            }
            removePlace(place(type), writes);
        }
    }

    private void remove(Endpoint endpoint, WriteSet writes) throws IOException {
        removePlace(place(endpoint), writes);
        cache.endpointRemoved(endpoint.application(), endpoint.id());
        steward.endpointRemoved(endpoint.application(), endpoint.id());
    }

    private static void removePlace(DirectoryPlace place, WriteSet writes) {
        writes.delete(Table.DIRECTORY, place.key());
        if (place.uidKey() != null) {
            writes.delete(Table.DIRECTORY, place.uidKey());
        }
    }

    /** Tells those who keep entities in memory that one is stored. */
    void tellCaches(Entity saved, long now, WriteSet writes) throws IOException {
        if (saved instanceof Application application) {
            writes.put(
                    Table.DIRECTORY,
                    Keys.applicationOwner(application.id()),
                    Keys.bytes(application.organization().value()));
            cache.applicationChanged(application.id());
        } else if (saved instanceof Endpoint endpoint) {
            cache.endpointChanged(endpoint);
            queues.settingsChanged(endpoint, now);
        }
    }

    private boolean isTaken(DirectoryPlace place) throws IOException {
        if (place.uidKey() == null || place.uidValue() == null) {
            return false;
        }
        byte[] owner = map.get(Table.DIRECTORY, place.uidKey());
        return owner != null && !java.util.Arrays.equals(owner, place.uidValue());
    }

    private DirectoryPlace place(Entity entity) throws IOException {
        if (entity instanceof Endpoint endpoint) {
            requireApplication(endpoint.application());
        }
        return DirectoryPlace.of(entity);
    }

    private void requireApplication(ApplicationId application) throws IOException {
        if (reader.owner(application) == null) {
            throw notFound();
        }
    }

    private static PosthornException notFound() {
        return new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
    }
}
