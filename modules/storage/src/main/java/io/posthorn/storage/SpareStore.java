package io.posthorn.storage;

import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The store of this node, with what is known of it. Any thread, but {@link #open()} comes first. */
final class SpareStore {
    private final StorageEngine engine;
    private final KnownRequests known = new KnownRequests();

    /** Open while the spare may be changed by calls from outside. */
    private final Gate gate = new Gate();

    private Instant lastLeaseEnd = Instant.EPOCH;
    private volatile @Nullable SpareScan scan;
    private volatile SpareNote note = new SpareNote(false, null);
    private volatile String id = "";
    private volatile String primaryId = "";

    SpareStore(StorageEngine engine) {
        this.engine = engine;
    }

    /** Opens it, and begins to read it through. */
    Future<Void> open() {
        return engine.open().compose(opened -> engine.identity()).<Void>map(identity -> {
            // Not by onSuccess: whoever goes on must see all of it, on whatever thread the engine answered.
            id = identity.id();
            note = SpareNote.of(identity.mark());
            scan = SpareScan.of(engine, known);
            return null;
        });
    }

    Future<Void> close() {
        return engine.close();
    }

    /** Whether it holds more than a directory; completes early. */
    Future<Boolean> holdsMore() {
        return opened().holdsMore();
    }

    /** Completes when all requests that it has are {@link #known()}; begins anew after a failure. */
    Future<Void> requestsKnown() {
        SpareScan running = opened();
        if (running.done().failed()) {
            scan = SpareScan.of(engine, known);
        }
        return opened().done();
    }

    /** Asks the primary who it is. */
    Future<Void> learn(StorageEngine primary) {
        return primary.identity().<Void>map(identity -> {
            primaryId = identity.id();
            return null;
        });
    }

    /** Remembers durably that a part of it will be in the primary. */
    Future<Void> becomeHalf() {
        return write(new SpareNote(true, note.mirroredAt()));
    }

    /** Remembers durably that its directory is the primary's, as of then. */
    Future<Void> noteMirror(Instant at) {
        return write(new SpareNote(false, at));
    }

    /** Forgets everything, since the primary has it. */
    Future<Void> clear() {
        return engine.clear()
                .compose(cleared -> engine.mark(null))
                .compose(unmarked -> engine.identity())
                .<Void>map(identity -> {
                    id = identity.id();
                    note = new SpareNote(false, null);
                    known.clear();
                    return null;
                });
    }

    /** How many of its deliveries are in flight, now that expired leases are put back. */
    Future<Long> inFlight() {
        return gate.through(() -> engine.sweep().compose(swept -> engine.backlog()))
                .map(backlog -> backlog.books().inFlight());
    }

    synchronized void leased(Instant until) {
        if (until.isAfter(lastLeaseEnd)) {
            lastLeaseEnd = until;
        }
    }

    /** When the last lease of the claims of this run ends. */
    synchronized Instant lastLeaseEnd() {
        return lastLeaseEnd;
    }

    StorageEngine engine() {
        return engine;
    }

    Gate gate() {
        return gate;
    }

    KnownRequests known() {
        return known;
    }

    boolean half() {
        return note.half();
    }

    @Nullable
    Instant mirroredAt() {
        return note.mirroredAt();
    }

    String id() {
        return id;
    }

    String primaryId() {
        return primaryId;
    }

    private Future<Void> write(SpareNote next) {
        return engine.mark(next.mark(primaryId)).<Void>map(written -> {
            note = next;
            return null;
        });
    }

    private SpareScan opened() {
        SpareScan running = scan;
        if (running == null) {
            throw new IllegalStateException("the spare is not open");
        }
        return running;
    }
}
