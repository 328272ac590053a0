package io.posthorn.storage.redis;

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
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.UUID;

/** Stores and removes applications, endpoints and event types, each in one script where its place is. Any thread. */
final class DirectoryWriter {
    private static final Script SAVE_NAMED = Script.of("save-named", "directory");
    private static final Script SAVE_ENDPOINT = Script.of("save-endpoint", "queue", "directory");
    private static final Script REMOVE_NAMED = Script.of("remove-named", "directory");
    private static final Script REMOVE_ENDPOINTS = Script.of("remove-endpoints", "queue", "directory");

    /** How often a save waits for the change of another application that it depends on. */
    private static final int MOST_TURNS = 8;

    private final RedisLink link;
    private final Shards shards;
    private final ApplicationChanges changes;

    DirectoryWriter(RedisLink link, Shards shards, ApplicationChanges changes) {
        this.link = link;
        this.shards = shards;
        this.changes = changes;
    }

    Future<SaveOutcome> save(Requests.Save request) {
        Entity wanted = request.entity();
        Entity saved = wanted.withVersion(wanted.version() + 1);
        String uid = EntityRow.uid(wanted);
        IdempotencyKey key = request.idempotencyKey();
        Save save = new Save(
                saved,
                uid == null ? "" : uid,
                Long.toString(wanted.version()),
                EntityRow.encode(saved),
                key == null ? "" : key.digest(),
                key == null ? "" : key.bodyDigest(),
                UUID.randomUUID().toString());
        return saved instanceof Endpoint endpoint ? saveEndpoint(endpoint, save, 0) : saveNamed(save, 0);
    }

    /** Stores an entity as it is, in the place of one of that version; 0 where there is none. */
    Future<SaveOutcome> put(Entity entity, long version) {
        String uid = EntityRow.uid(entity);
        Save save = new Save(
                entity,
                uid == null ? "" : uid,
                Long.toString(version),
                EntityRow.encode(entity),
                "",
                "",
                UUID.randomUUID().toString());
        return entity instanceof Endpoint endpoint ? saveEndpoint(endpoint, save, 0) : saveNamed(save, 0);
    }

    Future<Void> remove(Removal removal) {
        // Names this call, so that its repeat after a lost answer is not told that nothing is there.
        String token = UUID.randomUUID().toString();
        if (removal instanceof Removal.OfEndpoint of) {
            List<String> args = List.of(
                    Names.bare(of.application().value()),
                    Names.bare(of.endpoint().value()),
                    token);
            return link.runDurably(REMOVE_ENDPOINTS, shards.prefix(of.application()), args)
                    .compose(answer -> isRemoved(answer) ? Future.succeededFuture() : notFound());
        }
        boolean application = removal instanceof Removal.OfApplication;
        List<String> args;
        if (removal instanceof Removal.OfApplication of) {
            args = List.of(
                    "a", of.organization().value(), Names.bare(of.application().value()), token);
        } else {
            Removal.OfEventType of = (Removal.OfEventType) removal;
            args = List.of("t", of.organization().value(), of.name(), token);
        }
        return link.runDurably(REMOVE_NAMED, shards.directory(), args).compose(answer -> {
            if (!isRemoved(answer)) {
                return notFound();
            }
            return application ? changes.tell(answer.get(1).toString()) : Future.succeededFuture();
        });
    }

    /** What a script is told of an entity to be stored; the token names this call, as in {@link #remove}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Save(
            Entity saved, String uid, String version, byte[] row, String digest, String bodyDigest, String token) {}

    private Future<SaveOutcome> saveNamed(Save save, int turn) {
        boolean application = save.saved() instanceof Application;
        String organization = save.saved() instanceof Application of
                ? of.organization().value()
                : ((EventType) save.saved()).organization().value();
        String name = save.saved() instanceof Application of
                ? Names.bare(of.id().value())
                : ((EventType) save.saved()).name();
        List<Object> args = List.of(
                application ? "a" : "t",
                organization,
                name,
                save.uid(),
                save.version(),
                save.row(),
                save.digest(),
                save.bodyDigest(),
                save.token());
        return link.runDurably(SAVE_NAMED, shards.directory(), args).compose(answer -> {
            String word = word(answer);
            if (word.equals("wait") && turn < MOST_TURNS) {
                // The uid was another's until just now, and that one's shard does not know yet.
                return changes.tell(answer.get(1).toString()).compose(done -> saveNamed(save, turn + 1));
            }
            if (word.equals("saved") && application) {
                return changes.tell(answer.get(1).toString()).map(done -> new SaveOutcome.Saved(save.saved()));
            }
            return outcome(save, answer);
        });
    }

    private Future<SaveOutcome> saveEndpoint(Endpoint endpoint, Save save, int turn) {
        ApplicationId application = endpoint.application();
        Integer most = endpoint.sending().maxInFlight();
        List<Object> args = List.of(
                Names.bare(application.value()),
                Names.bare(endpoint.id().value()),
                save.uid(),
                save.version(),
                save.row(),
                endpoint.disabled() ? "1" : "0",
                save.digest(),
                save.bodyDigest(),
                save.token(),
                most == null ? "0" : most.toString());
        return link.runDurably(SAVE_ENDPOINT, shards.prefix(application), args).compose(answer -> {
            if (word(answer).equals("unknown")) {
                // Either nobody knows it, or a crash came between the two scripts of its own save.
                return turn > 0
                        ? notFound()
                        : changes.takeUp(application)
                                .compose(known -> known ? saveEndpoint(endpoint, save, turn + 1) : notFound());
            }
            return outcome(save, answer);
        });
    }

    private static Future<SaveOutcome> outcome(Save save, Response answer) {
        return switch (word(answer)) {
            case "saved" -> Future.succeededFuture(new SaveOutcome.Saved(save.saved()));
            case "repeated" ->
                Future.succeededFuture(
                        new SaveOutcome.Repeated(EntityRow.decode(answer.get(1).toBytes())));
            case "reused" -> Future.succeededFuture(new SaveOutcome.KeyReused());
            case "stale" -> Future.succeededFuture(new SaveOutcome.Stale());
            case "taken" ->
                Future.succeededFuture(
                        new SaveOutcome.NameTaken(name(save, answer.get(1).toString())));
            case "removed" -> notFound();
            default ->
                Future.failedFuture(new PosthornException(
                        ErrorCode.STORE_UNAVAILABLE, "the store is busy with another change of the same name"));
        };
    }

    /** The name that was taken, as its owner knows it: scripts know ids without their prefix. */
    private static String name(Save save, String taken) {
        if (save.saved() instanceof Application application
                && Names.bare(application.id().value()).equals(taken)) {
            return application.id().value();
        }
        if (save.saved() instanceof Endpoint endpoint
                && Names.bare(endpoint.id().value()).equals(taken)) {
            return endpoint.id().value();
        }
        return taken;
    }

    private static String word(Response answer) {
        return answer.get(0).toString();
    }

    private static boolean isRemoved(Response answer) {
        return word(answer).equals("removed");
    }

    private static <T> Future<T> notFound() {
        return Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
    }
}
