package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.OrganizationId;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the shard of an application what became of it in the directory. A change stands on a list there until its shard
 * knows, so that what a crash left untold is told by {@link #tellOverdue}, or by whoever wants the uid that it freed.
 * Any thread.
 */
final class ApplicationChanges {
    private static final Script TOUCH = Script.of("touch-application");
    private static final Script REMOVE = Script.of("remove-endpoints", "queue", "directory");
    private static final Script TOLD = Script.of("told");
    private static final Script OVERDUE = Script.of("changes");
    private static final Script FIND = Script.of("find");

    /** Longer than any call takes that may be telling it still. */
    private static final int OVERDUE_MILLIS = 90_000;

    private static final int MOST_OVERDUE = 20;
    private static final int MOST_REMOVED = 500;

    private final RedisLink link;
    private final Shards shards;

    ApplicationChanges(RedisLink link, Shards shards) {
        this.link = link;
        this.shards = shards;
    }

    /** The shard learns that the application is there and may have changed, and its limit; nothing when it is gone. */
    Future<Void> touch(OrganizationId organization, ApplicationId id) {
        String bare = Names.bare(id.value());
        return link.run(FIND, shards.directory(), List.of("a:" + organization.value(), "", bare))
                .compose(row -> row == null
                        ? Future.succeededFuture()
                        : touch((Application) EntityRow.decode(row.toBytes()), bare));
    }

    private Future<Void> touch(Application application, String bare) {
        Integer rate = application.throttleRate();
        List<Object> args = List.of(
                bare, application.organization().value(), application.version(), rate == null ? "" : rate.toString());
        return link.run(TOUCH, shards.prefix(application.id()), args).mapEmpty();
    }

    /**
     * Tells one change to the shard, and takes it off the list.
     *
     * @param change version, organisation, application, and the uid that it freed or nothing, with blanks between
     */
    Future<Void> tell(String change) {
        String[] parts = change.split(" ", 4);
        OrganizationId organization = new OrganizationId(parts[1]);
        ApplicationId id = new ApplicationId(ApplicationId.PREFIX + parts[2]);
        return link.run(FIND, shards.directory(), List.of("ao", "", parts[2]))
                .compose(owner -> owner == null ? removeAll(id) : touch(organization, id))
                .compose(done -> link.run(TOLD, shards.directory(), List.of(change, parts[1], parts[3])))
                .mapEmpty();
    }

    /** The shard does not know the application; completes with whether the directory does, and then the shard too. */
    Future<Boolean> takeUp(ApplicationId id) {
        return link.run(FIND, shards.directory(), List.of("ao", "", Names.bare(id.value())))
                .compose(owner -> owner == null
                        ? Future.succeededFuture(false)
                        : touch(new OrganizationId(owner.toString()), id).map(true));
    }

    /** Tells some of the changes that a crash left untold; completes with whether there may be more. */
    Future<Boolean> tellOverdue() {
        return link.run(OVERDUE, shards.directory(), List.of(OVERDUE_MILLIS, MOST_OVERDUE))
                .compose(overdue -> {
                    List<Future<Void>> telling = new ArrayList<>();
                    for (Response change : overdue) {
                        telling.add(tell(change.toString()));
                    }
                    return Future.join(telling).map(all -> telling.size() == MOST_OVERDUE);
                });
    }

    private Future<Void> removeAll(ApplicationId id) {
        List<Object> args = List.of(Names.bare(id.value()), "", MOST_REMOVED);
        return Steps.whileMore(() -> link.run(REMOVE, shards.prefix(id), args)
                .map(answer -> answer.get(1).toLong() > 0));
    }
}
