package io.posthorn.storage.local;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.rows.EntityCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads applications, endpoints and event types from the map. Any thread that may block. */
final class DirectoryReader {
    private final OrderedMap map;

    DirectoryReader(OrderedMap map) {
        this.map = map;
    }

    StorageQuery.Found find(StorageQuery.Find query) throws IOException {
        Entity entity;
        if (query instanceof StorageQuery.Find.OneApplication one) {
            entity = application(one.organization(), one.reference());
        } else if (query instanceof StorageQuery.Find.OneEndpoint one) {
            entity = endpoint(one.application(), one.reference());
        } else if (query instanceof StorageQuery.Find.OneEventType one) {
            entity = eventType(one.organization(), one.name());
        } else {
            throw new IllegalArgumentException("unknown query " + query);
        }
        if (entity == null) {
            throw new PosthornException(ErrorCode.NOT_FOUND, "Entity not found");
        }
        return new StorageQuery.Found(entity);
    }

    /** By id or uid. */
    @Nullable
    Application application(OrganizationId organization, String reference) throws IOException {
        ApplicationId id;
        if (ApplicationId.isValid(reference)) {
            id = new ApplicationId(reference);
        } else {
            byte[] bare = map.get(Table.DIRECTORY, Keys.applicationUid(organization, reference));
            if (bare == null) {
                return null;
            }
            id = new ApplicationId(ApplicationId.PREFIX + Keys.text(bare, 0, Keys.ID));
        }
        return (Application) entity(Keys.application(organization, id));
    }

    @Nullable
    OrganizationId owner(ApplicationId application) throws IOException {
        byte[] owner = map.get(Table.DIRECTORY, Keys.applicationOwner(application));
        return owner == null ? null : new OrganizationId(Keys.text(owner, 0, owner.length));
    }

    /** By id or uid. */
    @Nullable
    Endpoint endpoint(ApplicationId application, String reference) throws IOException {
        if (EndpointId.isValid(reference)) {
            return endpoint(application, new EndpointId(reference));
        }
        byte[] bare = map.get(Table.DIRECTORY, Keys.endpointUid(application, reference));
        return bare == null
                ? null
                : endpoint(application, new EndpointId(EndpointId.PREFIX + Keys.text(bare, 0, Keys.ID)));
    }

    @Nullable
    Endpoint endpoint(ApplicationId application, EndpointId id) throws IOException {
        return (Endpoint) entity(Keys.endpoint(application, id));
    }

    @Nullable
    EventType eventType(OrganizationId organization, String name) throws IOException {
        return (EventType) entity(Keys.eventType(organization, name));
    }

    List<Endpoint> endpoints(ApplicationId application) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>();
        byte[] prefix = Keys.endpoints(application);
        map.scan(Table.DIRECTORY, prefix, Keys.after(prefix), false, (key, row) -> {
            endpoints.add((Endpoint) EntityCodec.decode(row));
            return true;
        });
        return endpoints;
    }

    StorageQuery.EntityPage list(StorageQuery.ListEntities query) throws IOException {
        byte[] prefix;
        byte[] from = null;
        String after = query.page().from();
        Predicate<Entity> wanted = entity -> true;
        if (query instanceof StorageQuery.ListEntities.Applications list) {
            prefix = Keys.applications(list.organization());
            if (after != null) {
                from = Keys.application(list.organization(), new ApplicationId(after));
            }
        } else if (query instanceof StorageQuery.ListEntities.Endpoints list) {
            prefix = Keys.endpoints(list.application());
            if (after != null) {
                from = Keys.endpoint(list.application(), new EndpointId(after));
            }
        } else if (query instanceof StorageQuery.ListEntities.EventTypes list) {
            prefix = Keys.eventTypes(list.organization());
            if (after != null) {
                from = Keys.eventType(list.organization(), after);
            }
            wanted = entity -> isShown((EventType) entity, list.includeArchived(), list.featureFlags());
        } else {
            throw new IllegalArgumentException("unknown query " + query);
        }
        Predicate<Entity> filter = wanted;
        PageScan<Entity> page = new PageScan<>(query.page());
        page.read(map, Table.DIRECTORY, prefix, Keys.after(prefix), from, (key, row) -> {
            Entity entity = EntityCodec.decode(row);
            return filter.test(entity) ? entity : null;
        });
        return new StorageQuery.EntityPage(page.items(), page.done());
    }

    private static boolean isShown(EventType type, boolean includeArchived, @Nullable Set<String> featureFlags) {
        if (type.archived() && !includeArchived) {
            return false;
        }
        return featureFlags == null || type.featureFlag() == null || featureFlags.contains(type.featureFlag());
    }

    private @Nullable Entity entity(byte[] key) throws IOException {
        byte[] row = map.get(Table.DIRECTORY, key);
        return row == null ? null : EntityCodec.decode(row);
    }
}
