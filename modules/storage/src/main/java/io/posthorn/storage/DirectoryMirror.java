package io.posthorn.storage;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoredItem;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the primary's directory into the spare, so that the spare can take events for known applications: all of it now
 * and then, and each change made through this node at once. It rests at least twenty times as long as a copy took.
 * Nothing else is in the spare meanwhile. Any thread.
 */
final class DirectoryMirror {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMirror.class);
    private static final int REST_FACTOR = 20;

    private final StorageEngine primary;
    private final StorageEngine spare;
    private final String source;
    private final EngineCalls calls;
    private final Timers timers;
    private final InstantSource clock;
    private final Duration period;

    /** Shut for good by {@link #stop()}: afterwards nothing of this mirror touches the spare. */
    private final Gate gate = new Gate();

    /** What the primary has, as far as the copy under way has come. */
    private final Set<String> seen = Collections.synchronizedSet(new HashSet<>());

    private boolean stopped;
    private long timer = -1;

    /** @param source the id of the primary */
    DirectoryMirror(
            StorageEngine primary,
            StorageEngine spare,
            String source,
            EngineCalls calls,
            Timers timers,
            InstantSource clock,
            Duration period) {
        this.primary = primary;
        this.spare = spare;
        this.source = source;
        this.calls = calls;
        this.timers = timers;
        this.clock = clock;
        this.period = period;
        gate.open();
    }

    /** Begins; called on the context. */
    void start() {
        refresh();
    }

    /** Ends; called on the context. Completes when nothing of it works on the spare any more. */
    Future<Void> stop() {
        stopped = true;
        timers.cancel(timer);
        return gate.shut();
    }

    /** Somebody changed an entity through this node. */
    void saved(Entity entity) {
        // A copy under way may have read the primary before that, and must not take it for one that is gone.
        seen.add(Parts.keyOf(entity));
        write(List.of(entity)).onFailure(cause -> LOG.debug("a change is not in the spare yet", cause));
    }

    /** Somebody removed an entity through this node. */
    void removed(Removal removal) {
        seen.remove(keyOf(removal));
        remove(removal).onFailure(cause -> LOG.debug("a removal is not in the spare yet", cause));
    }

    private void refresh() {
        Instant begun = clock.instant();
        calls.on(copy(begun)).onComplete(done -> {
            if (stopped) {
                return;
            }
            if (done.failed()) {
                LOG.debug("the directory could not be copied into the spare and is again", done.cause());
            }
            Duration rest = Duration.between(begun, clock.instant()).multipliedBy(REST_FACTOR);
            timer = timers.after(Math.max(period.toMillis(), rest.toMillis()), this::refresh);
        });
    }

    private Future<Void> copy(Instant begun) {
        seen.clear();
        AtomicInteger misfits = new AtomicInteger();
        return writeAll(misfits)
                .compose(written -> removeOthers())
                // A name that was free in the primary was still taken in the spare: once more, into an empty one.
                .compose(removed -> misfits.get() == 0 ? Future.succeededFuture() : anew())
                .compose(copied -> gate.through(() -> spare.mark(new SpareNote(false, begun).mark(source))));
    }

    private Future<Void> anew() {
        return gate.through(spare::clear).compose(cleared -> writeAll(new AtomicInteger()));
    }

    private Future<Void> writeAll(AtomicInteger misfits) {
        return Parts.eachOfEntities(primary, entities -> {
            entities.forEach(entity -> seen.add(Parts.keyOf(entity)));
            return write(entities).onSuccess(lines -> misfits.addAndGet(lines.size()));
        });
    }

    private Future<List<String>> write(List<Entity> entities) {
        List<StoredItem> items = new ArrayList<>();
        entities.forEach(entity -> items.add(new StoredItem.OfEntity(entity)));
        return gate.through(() -> spare.write(source, items));
    }

    private Future<Void> removeOthers() {
        List<Removal> others = new ArrayList<>();
        return Parts.eachOfEntities(spare, entities -> {
                    entities.stream()
                            .filter(entity -> !seen.contains(Parts.keyOf(entity)))
                            .forEach(entity -> others.add(removalOf(entity)));
                    return Future.succeededFuture();
                })
                .compose(read -> removeFrom(others, 0));
    }

    private Future<Void> removeFrom(List<Removal> others, int index) {
        return index == others.size()
                ? Future.succeededFuture()
                : remove(others.get(index)).compose(removed -> removeFrom(others, index + 1));
    }

    private Future<Void> remove(Removal removal) {
        return gate.through(() -> spare.remove(removal))
                .recover(cause -> cause instanceof PosthornException failed && failed.code() == ErrorCode.NOT_FOUND
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause));
    }

    private static Removal removalOf(Entity entity) {
        if (entity instanceof Application application) {
            return new Removal.OfApplication(application.organization(), application.id());
        } else if (entity instanceof Endpoint endpoint) {
            return new Removal.OfEndpoint(endpoint.application(), endpoint.id());
        }
        EventType type = (EventType) entity;
        return new Removal.OfEventType(type.organization(), type.name());
    }

    private static String keyOf(Removal removal) {
        if (removal instanceof Removal.OfApplication application) {
            return application.application().toString();
        } else if (removal instanceof Removal.OfEndpoint endpoint) {
            return endpoint.endpoint().toString();
        }
        Removal.OfEventType type = (Removal.OfEventType) removal;
        return type.organization() + " " + type.name();
    }
}
