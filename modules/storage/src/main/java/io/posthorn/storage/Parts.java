package io.posthorn.storage;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.EventType;
import io.posthorn.storage.api.StoredItem;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a store part by part. */
final class Parts {
    private Parts() {}

    /** Shows every part, one after the other, to the visitor, which says whether to go on. */
    static Future<Void> each(Transfer store, Function<Transfer.Chunk, Future<Boolean>> visitor) {
        Promise<Void> done = Promise.promise();
        step(store, null, visitor, done);
        return done.future();
    }

    /** Shows the entities alone, which come first. */
    static Future<Void> eachOfEntities(Transfer store, Function<List<Entity>, Future<?>> visitor) {
        return each(store, chunk -> {
            List<Entity> entities = entitiesOf(chunk);
            Future<?> seen = entities.isEmpty() ? Future.succeededFuture() : visitor.apply(entities);
            return seen.map(done -> entities.size() == chunk.items().size());
        });
    }

    /** What an entity is called among all others. */
    static String keyOf(Entity entity) {
        if (entity instanceof Application application) {
            return application.id().toString();
        } else if (entity instanceof Endpoint endpoint) {
            return endpoint.id().toString();
        }
        EventType type = (EventType) entity;
        return type.organization() + " " + type.name();
    }

    private static List<Entity> entitiesOf(Transfer.Chunk chunk) {
        return chunk.items().stream()
                .filter(StoredItem.OfEntity.class::isInstance)
                .map(item -> ((StoredItem.OfEntity) item).entity())
                .toList();
    }

    /** A loop over callbacks, so that no chain grows with the store. */
    private static void step(
            Transfer store,
            @Nullable String cursor,
            Function<Transfer.Chunk, Future<Boolean>> visitor,
            Promise<Void> done) {
        store.read(cursor)
                .onComplete(
                        chunk -> visitor.apply(chunk)
                                .onComplete(
                                        goOn -> {
                                            String next = chunk.next();
                                            if (goOn && next != null) {
                                                step(store, next, visitor, done);
                                            } else {
                                                done.complete();
                                            }
                                        },
                                        done::fail),
                        done::fail);
    }
}
