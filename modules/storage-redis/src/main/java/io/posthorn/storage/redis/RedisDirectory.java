package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.Directory;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applications, endpoints and event types in Redis. What belongs to an organisation stands under the tag of the
 * directory; endpoints stand in the shard of their application, which knows of its application too. Any thread.
 */
final class RedisDirectory implements Directory {
    private static final Script FIND = Script.of("find");
    private static final Script PAGE = Script.of("page");

    private final RedisLink link;
    private final Shards shards;
    private final DirectoryWriter writer;
    private final ApplicationChanges changes;
    private final SubscriptionReader subscriptions;

    RedisDirectory(RedisLink link, Shards shards) {
        this.link = link;
        this.shards = shards;
        this.changes = new ApplicationChanges(link, shards);
        this.writer = new DirectoryWriter(link, shards, changes);
        this.subscriptions = new SubscriptionReader(link, shards, changes);
    }

    @Override
    public Future<SaveOutcome> save(Requests.Save request) {
        return writer.save(request);
    }

    /** Stores an entity as it is, in the place of one of that version; 0 where there is none. */
    Future<SaveOutcome> put(Entity entity, long version) {
        return writer.put(entity, version);
    }

    @Override
    public Future<Void> remove(Removal removal) {
        return writer.remove(removal);
    }

    @Override
    public Future<StorageQuery.Found> find(StorageQuery.Find query) {
        Future<? extends Entity> found;
        if (query instanceof StorageQuery.Find.OneApplication one) {
            found = application(one.organization(), one.reference());
        } else if (query instanceof StorageQuery.Find.OneEndpoint one) {
            found = endpoint(one.application(), one.reference());
        } else {
            StorageQuery.Find.OneEventType one = (StorageQuery.Find.OneEventType) query;
            found = eventType(one.organization(), one.name());
        }
        return found.map(StorageQuery.Found::new);
    }

    @Override
    public Future<StorageQuery.EntityPage> list(StorageQuery.ListEntities query) {
        String from = query.page().from();
        if (query instanceof StorageQuery.ListEntities.Applications list) {
            String org = list.organization().value();
            return list(query, shards.directory(), "a:" + org, "an:" + org, bare(from), entity -> true);
        }
        if (query instanceof StorageQuery.ListEntities.Endpoints list) {
            String app = Names.bare(list.application().value());
            return list(query, shards.prefix(list.application()), "n:" + app, "s:" + app, bare(from), entity -> true);
        }
        StorageQuery.ListEntities.EventTypes list = (StorageQuery.ListEntities.EventTypes) query;
        String org = list.organization().value();
        return list(
                query,
                shards.directory(),
                "t:" + org,
                "tn:" + org,
                from,
                entity -> isShown((EventType) entity, list.includeArchived(), list.featureFlags()));
    }

    /** By id or uid, or NOT_FOUND. */
    Future<Application> application(OrganizationId organization, String reference) {
        String org = organization.value();
        return ApplicationId.isValid(reference)
                ? one(shards.directory(), "a:" + org, "", Names.bare(reference))
                : one(shards.directory(), "a:" + org, "au:" + org, reference);
    }

    /** By id or uid, or NOT_FOUND. */
    Future<Endpoint> endpoint(ApplicationId application, String reference) {
        String app = Names.bare(application.value());
        return EndpointId.isValid(reference)
                ? one(shards.prefix(application), "n:" + app, "", Names.bare(reference))
                : one(shards.prefix(application), "n:" + app, "u:" + app, reference);
    }

    /** By name, or NOT_FOUND. */
    Future<EventType> eventType(OrganizationId organization, String name) {
        return one(shards.directory(), "t:" + organization.value(), "", name);
    }

    /**
     * An application, by id or uid, with its endpoints as they stand now. A call after a script has refused the version
     * of an earlier answer costs little, since only what changed is read.
     *
     * @return fails with NOT_FOUND when there is no such application
     */
    Future<VersionedSubscriptions> subscriptions(OrganizationId organization, String reference) {
        return application(organization, reference).compose(subscriptions::read);
    }

    /** Goes on with what crashes have left half done; a part of the sweep. Completes with whether there may be more. */
    Future<Boolean> sweep() {
        return changes.tellOverdue();
    }

    private <T extends Entity> Future<T> one(String prefix, String rows, String uids, String name) {
        return link.run(FIND, prefix, List.of(rows, uids, name)).compose(row -> {
            if (row == null) {
                return Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
            }
            @SuppressWarnings("unchecked") // each hash holds entities of one kind
            T entity = (T) EntityRow.decode(row.toBytes());
            return Future.succeededFuture(entity);
        });
    }

    private Future<StorageQuery.EntityPage> list(
            StorageQuery.ListEntities query,
            String prefix,
            String rows,
            String names,
            @Nullable String from,
            Predicate<Entity> wanted) {
        PageScan<Entity> scan = new PageScan<>(query.page(), range -> {
            List<String> args = List.of(
                    rows, names, range.low(), range.high(), range.down() ? "1" : "0", Integer.toString(range.count()));
            return link.run(PAGE, prefix, args).map(answer -> entities(answer, wanted, range.count()));
        });
        return scan.read(null, null, from).map(page -> new StorageQuery.EntityPage(page.items(), page.done()));
    }

    private static PageScan.Rows<Entity> entities(@Nullable Response answer, Predicate<Entity> wanted, int asked) {
        List<PageScan.Row<Entity>> read = new ArrayList<>();
        for (int i = 0; answer != null && i < answer.size(); i += 2) {
            // A name whose row is missing is for the recount to find.
            Response row = answer.get(i + 1);
            Entity entity = row == null ? null : EntityRow.decode(row.toBytes());
            read.add(new PageScan.Row<>(
                    answer.get(i).toString(), entity != null && wanted.test(entity) ? entity : null));
        }
        return new PageScan.Rows<>(read, read.size() < asked);
    }

    private static boolean isShown(EventType type, boolean includeArchived, @Nullable Set<String> featureFlags) {
        if (type.archived() && !includeArchived) {
            return false;
        }
        return featureFlags == null || type.featureFlag() == null || featureFlags.contains(type.featureFlag());
    }

    private static @Nullable String bare(@Nullable String id) {
        return id == null ? null : Names.bare(id);
    }
}
