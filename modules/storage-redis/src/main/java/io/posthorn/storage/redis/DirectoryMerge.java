package io.posthorn.storage.redis;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.SaveOutcome;
import io.vertx.core.Future;
import java.util.List;

/** Takes entities of another store in, beside those that are there. Any thread. */
final class DirectoryMerge {
    private static final int MOST_TURNS = 8;

    private final RedisDirectory directory;

    DirectoryMerge(RedisDirectory directory) {
        this.directory = directory;
    }

    /** Takes one in; adds a line where it had to be changed to fit. */
    Future<Void> add(Entity given, List<String> changes) {
        return add(given, changes, 0);
    }

    private Future<Void> add(Entity given, List<String> changes, int turn) {
        if (turn == MOST_TURNS) {
            return Future.failedFuture(new PosthornException(
                    ErrorCode.STORE_UNAVAILABLE, name(given) + " is changed faster than it can be written"));
        }
        return stored(given).compose(found -> {
            Entity before = found.isEmpty() ? null : found.get(0);
            if (before != null && !given.updatedAt().isAfter(before.updatedAt())) {
                return Future.succeededFuture();
            }
            // Whoever read the one that was here must notice that it has changed.
            Entity fitting = before == null || before.version() < given.version()
                    ? given
                    : given.withVersion(before.version() + 1);
            return directory
                    .put(fitting, before == null ? 0 : before.version())
                    .compose(outcome -> stored(given, outcome, changes, turn));
        });
    }

    private Future<Void> stored(Entity given, SaveOutcome outcome, List<String> changes, int turn) {
        if (outcome instanceof SaveOutcome.Saved) {
            return Future.succeededFuture();
        }
        String uid = EntityRow.uid(given);
        if (outcome instanceof SaveOutcome.NameTaken taken && taken.name().equals(uid)) {
            synchronized (changes) {
                changes.add(name(given) + ": its uid " + uid + " belongs to another one here, so it has none now");
            }
            return add(withoutUid(given), changes, turn + 1);
        }
        if (outcome instanceof SaveOutcome.NameTaken) {
            // The endpoint was here and has been deleted, which is the later of the two.
            return turn == 0 ? add(given, changes, turn + 1) : Future.succeededFuture();
        }
        return add(given, changes, turn + 1);
    }

    private Future<List<Entity>> stored(Entity given) {
        Future<? extends Entity> found;
        if (given instanceof Application it) {
            found = directory.application(it.organization(), it.id().value());
        } else if (given instanceof Endpoint it) {
            found = directory.endpoint(it.application(), it.id().value());
        } else {
            EventType it = (EventType) given;
            found = directory.eventType(it.organization(), it.name());
        }
        return found.<List<Entity>>map(List::of)
                .recover(
                        failure -> failure instanceof PosthornException refused && refused.code() == ErrorCode.NOT_FOUND
                                ? Future.succeededFuture(List.of())
                                : Future.failedFuture(failure));
    }

    private static String name(Entity entity) {
        if (entity instanceof Application it) {
            return it.id().value();
        }
        return entity instanceof Endpoint it ? it.id().value() : ((EventType) entity).name();
    }

    private static Entity withoutUid(Entity entity) {
        return entity instanceof Application it ? it.withoutUid() : ((Endpoint) entity).withoutUid();
    }
}
