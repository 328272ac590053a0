package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the endpoints of applications, and of those read before only what has changed since. Bounded: applications
 * least recently asked for are forgotten. Any thread.
 */
final class SubscriptionReader {
    private static final Script READ = Script.of("read-endpoints");
    private static final int MAX_ENDPOINTS = 200_000;
    private static final int CHUNK = 200;

    private final RedisLink link;
    private final Shards shards;
    private final ApplicationChanges changes;
    private final Map<ApplicationId, Kept> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<ApplicationId, Turns> reading = new HashMap<>();
    private int endpoints;

    /** A copy, and how many endpoints it had when it was read last. */
    private record Kept(VersionedSubscriptions subscriptions, int size) {}

    /** A read that runs, and the one that follows it for all who asked meanwhile. */
    private static final class Turns {
        private @Nullable Promise<VersionedSubscriptions> next;
    }

    SubscriptionReader(RedisLink link, Shards shards, ApplicationChanges changes) {
        this.link = link;
        this.shards = shards;
        this.changes = changes;
    }

    /** The endpoints of an application that the directory has, as they stand now; NOT_FOUND when it was removed. */
    Future<VersionedSubscriptions> read(Application application) {
        synchronized (this) {
            Turns turns = reading.get(application.id());
            if (turns != null) {
                // What runs may have begun before the change that the caller has heard of.
                turns.next = turns.next == null ? Promise.promise() : turns.next;
                return turns.next.future();
            }
            reading.put(application.id(), new Turns());
        }
        return run(application);
    }

    private Future<VersionedSubscriptions> run(Application application) {
        return refresh(application).onComplete(ended -> {
            Promise<VersionedSubscriptions> next;
            synchronized (this) {
                Turns turns = reading.get(application.id());
                next = turns == null ? null : turns.next;
                if (next == null) {
                    reading.remove(application.id());
                } else {
                    reading.put(application.id(), new Turns());
                }
            }
            if (next != null) {
                run(application).onComplete(next);
            }
        });
    }

    private Future<VersionedSubscriptions> refresh(Application application) {
        Kept before;
        synchronized (this) {
            before = known.get(application.id());
        }
        Future<VersionedSubscriptions> read =
                before == null ? readAll(application) : readChanges(application, before.subscriptions());
        return read.onSuccess(subscriptions -> {
                    subscriptions.rename(application);
                    keep(application.id(), subscriptions);
                })
                .onFailure(cause -> forget(application.id()));
    }

    private Future<VersionedSubscriptions> readAll(Application application) {
        VersionedSubscriptions fresh = new VersionedSubscriptions(application);
        String[] last = {""};
        long[] since = {-1};
        return Steps.whileMore(() -> call(application, "", last[0], 0).map(part -> {
                    since[0] = since[0] < 0 ? version(part) : since[0];
                    fresh.apply(endpoints(part), since[0]);
                    boolean more = count(part) >= CHUNK;
                    last[0] = more ? part.get(part.size() - 2).toString() : "";
                    return more;
                }))
                // What changed since the first part was read.
                .compose(done -> readChanges(application, fresh));
    }

    private Future<VersionedSubscriptions> readChanges(Application application, VersionedSubscriptions before) {
        boolean[] anew = {false};
        return Steps.whileMore(() -> call(application, Long.toString(before.version()), "", 0)
                        .map(part -> {
                            anew[0] = "all".equals(part.get(0).toString());
                            if (anew[0]) {
                                return false;
                            }
                            before.apply(endpoints(part), version(part));
                            return version(part) < part.get(1).toLong();
                        }))
                .compose(done -> anew[0] ? readAll(application) : Future.succeededFuture(before));
    }

    private Future<Response> call(Application application, String since, String from, int turn) {
        List<String> args = List.of(Names.bare(application.id().value()), since, from, Integer.toString(CHUNK));
        return link.run(READ, shards.prefix(application.id()), args).compose(answer -> switch (answer.get(0)
                .toString()) {
            case "removed" -> Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
            case "unknown" ->
                // The directory has it, so its shard was not told: the save broke off in between.
                turn > 0
                        ? Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"))
                        : changes.touch(application.organization(), application.id())
                                .compose(done -> call(application, since, from, turn + 1));
            default -> Future.succeededFuture(answer);
        });
    }

    private static long version(Response part) {
        return part.get(0).toLong();
    }

    private static int count(Response part) {
        return (part.size() - 2) / 2;
    }

    private static Map<EndpointId, @Nullable Endpoint> endpoints(Response part) {
        Map<EndpointId, @Nullable Endpoint> read = new LinkedHashMap<>();
        for (int i = 2; i < part.size(); i += 2) {
            EndpointId id = new EndpointId(EndpointId.PREFIX + part.get(i).toString());
            byte[] row = part.get(i + 1).toBytes();
            read.put(id, row.length == 0 ? null : (Endpoint) EntityRow.decode(row));
        }
        return read;
    }

    private synchronized void keep(ApplicationId id, VersionedSubscriptions subscriptions) {
        Kept kept = new Kept(subscriptions, subscriptions.size());
        Kept old = known.put(id, kept);
        endpoints += kept.size() - (old == null ? 0 : old.size());
        Iterator<Kept> eldest = known.values().iterator();
        while (endpoints > MAX_ENDPOINTS && known.size() > 1) {
            endpoints -= eldest.next().size();
            eldest.remove();
        }
    }

    private synchronized void forget(ApplicationId id) {
        Kept old = known.remove(id);
        endpoints -= old == null ? 0 : old.size();
    }
}
