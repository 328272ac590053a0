package io.posthorn.storage;

import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which {@link Phase} a {@link FallbackEngine} is in: watches the primary, falls back to the spare, and brings
 * what the spare took into the primary when that is back. A step that fails is tried again until the primary counts as
 * away. Context, but {@link #phase()} and {@link #detail()}, which any thread may call.
 */
final class Switchover {
    private static final Logger LOG = LoggerFactory.getLogger(Switchover.class);
    private static final Duration DRAIN_PERIOD = Duration.ofMillis(100);

    /** How long after the last lease of the spare its deliveries are waited for. */
    private static final Duration DRAIN_MARGIN = Duration.ofSeconds(2);

    private final PrimaryStore primary;
    private final SpareStore spare;
    private final KeptResults kept;
    private final EngineCalls calls;
    private final Timers timers;
    private final InstantSource clock;
    private final FallbackOptions options;
    private final Runnable work;

    private volatile Phase phase = new Phase.Shut();
    private volatile @Nullable DirectoryMirror mirror;
    private volatile @Nullable SpareMove move;
    private volatile String trouble = "";
    private volatile String lastMove = "";

    /** Grows when the way back is begun or given up, so that steps of an earlier one end. */
    private long turn;

    private boolean looking;
    private boolean clearing;
    private boolean closed;
    private @Nullable Instant missedSince;

    /** The way back was given up because the primary went away. */
    private static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GivenUp() {
            super("the primary went away again", null, false, false);
        }
    }

    /** @param work told when the phase changes, since other deliveries may be claimed then */
    Switchover(
            PrimaryStore primary,
            SpareStore spare,
            KeptResults kept,
            EngineCalls calls,
            Timers timers,
            InstantSource clock,
            FallbackOptions options,
            Runnable work) {
        this.primary = primary;
        this.spare = spare;
        this.kept = kept;
        this.calls = calls;
        this.timers = timers;
        this.clock = clock;
        this.options = options;
        this.work = work;
    }

    Phase phase() {
        return phase;
    }

    /** The copy of the directory that is kept now, or null. */
    @Nullable
    DirectoryMirror mirror() {
        return mirror;
    }

    /** What is going on, for the operator; empty when everything is as it should be. */
    String detail() {
        SpareMove running = move;
        String troubled = trouble.isEmpty() ? "" : "; held up: " + trouble;
        Phase now = phase;
        if (now instanceof Phase.OnSpare away) {
            return "cannot be used since " + away.since() + " (" + away.reason()
                    + "): events are accepted and delivered from" + " the disk of this node; what waits there and "
                    + kept.size() + " results are kept for its return";
        } else if (now instanceof Phase.HalfMoved away) {
            return "cannot be used since " + away.since() + " (" + away.reason()
                    + "): events are accepted on the disk of this"
                    + " node and delivered when it is back, since a part of what is there was moved already";
        } else if (now instanceof Phase.CopyingDirectory) {
            return "is back: applications and endpoints go there first" + troubled;
        } else if (now instanceof Phase.Draining) {
            return "is back: what is in flight from the disk of this node is waited for, then the rest is moved"
                    + troubled;
        } else if (now instanceof Phase.Moving && running != null) {
            return "is back: moving what was accepted on the disk of this node, " + running.progress() + troubled;
        }
        return "";
    }

    /** How the last move ended, or empty. */
    String lastMove() {
        return lastMove;
    }

    /** Completes when one of the stores takes events; fails when the spare must not be opened. */
    Future<Void> open() {
        return spare.open().compose(opened -> {
            Future<Boolean> holdsMore = calls.on(spare.holdsMore());
            Future<Void> reached = primary.reach().compose(there -> calls.on(spare.learn(engine())));
            return Future.join(holdsMore, reached)
                    .transform(both -> holdsMore.<Void>map(more -> {
                        begin(more, reached);
                        return null;
                    }));
        });
    }

    Future<Void> close() {
        closed = true;
        turn++;
        phase = new Phase.Shut();
        DirectoryMirror running = mirror;
        Future<Void> quiet = running == null ? Future.succeededFuture() : running.stop();
        return Future.join(quiet, spare.gate().shut())
                .transform(done -> Future.join(calls.on(primary.close()), calls.on(spare.close())))
                .mapEmpty();
    }

    private void begin(boolean holdsMore, Future<Void> reached) {
        watchLater();
        if (reached.failed()) {
            away(reasonOf(reached.cause()));
        } else if (holdsMore || spare.half()) {
            LOG.info("the disk of this node holds what another run accepted there: it is moved into the shared store");
            fallBack("it is being opened");
            comeBack();
        } else {
            normal();
        }
    }

    private void normal() {
        StorageEngine open = engine();
        phase = new Phase.OnPrimary();
        move = null;
        trouble = "";
        mirror = new DirectoryMirror(
                open, spare.engine(), spare.primaryId(), calls, timers, clock, options.mirrorPeriod());
        mirror.start();
        work.run();
    }

    private void away(String reason) {
        LOG.warn("the shared store cannot be used, this node goes on with its disk: {}", reason);
        fallBack(reason);
        probeLater(options.probeMin());
    }

    private void fallBack(String reason) {
        turn++;
        phase = spare.half()
                ? new Phase.HalfMoved(clock.instant(), reason)
                : new Phase.OnSpare(clock.instant(), reason);
        trouble = "";
        spare.gate().open();
        work.run();
    }

    private void probeLater(Duration pause) {
        long mine = turn;
        long unused = timers.after(pause.toMillis(), () -> probe(mine, pause));
    }

    private void probe(long mine, Duration pause) {
        if (mine != turn || closed) {
            return;
        }
        primary.reach().onComplete(reached -> {
            if (mine != turn || closed) {
                return;
            }
            if (reached.succeeded()) {
                comeBack();
            } else {
                sayWhy(reasonOf(reached.cause()));
                Duration longer = pause.multipliedBy(2);
                probeLater(longer.compareTo(options.probeMax()) < 0 ? longer : options.probeMax());
            }
        });
    }

    private void sayWhy(String reason) {
        if (phase instanceof Phase.OnSpare away && !away.reason().equals(reason)) {
            LOG.warn("the shared store still cannot be used: {}", reason);
            phase = new Phase.OnSpare(away.since(), reason);
        } else if (phase instanceof Phase.HalfMoved away) {
            phase = new Phase.HalfMoved(away.since(), reason);
        }
    }

    private void comeBack() {
        long mine = ++turn;
        StorageEngine open = engine();
        boolean half = spare.half();
        missedSince = null;
        repeat(mine, () -> calls.on(spare.requestsKnown()))
                .compose(known -> repeat(mine, () -> calls.on(spare.learn(open))))
                .compose(learnt -> {
                    move = new SpareMove(spare.engine(), open, spare.id(), spare.mirroredAt(), calls);
                    phase = new Phase.CopyingDirectory(half);
                    return repeat(mine, () -> calls.on(kept.storeIn(open)));
                })
                .compose(stored -> repeat(mine, this::moveDirectory))
                .compose(copied -> {
                    phase = new Phase.Draining(half);
                    work.run();
                    return drained(mine);
                })
                .compose(drained -> {
                    phase = new Phase.Moving();
                    return calls.on(spare.gate().shut());
                })
                .compose(quiet -> repeat(mine, () -> calls.on(spare.becomeHalf())))
                .compose(noted -> repeat(mine, this::moveEverything))
                .compose(moved -> {
                    clearing = true;
                    return repeat(mine, () -> calls.on(spare.clear()));
                })
                .onComplete(end -> {
                    if (mine != turn) {
                        LOG.info("the way back to the shared store was given up");
                        return;
                    }
                    clearing = false;
                    if (end.succeeded()) {
                        back();
                    } else {
                        LOG.error("the way back to the shared store broke off", end.cause());
                        fallBack(reasonOf(end.cause()));
                        probeLater(options.probeMin());
                    }
                });
    }

    private Future<Void> moveDirectory() {
        SpareMove running = move;
        return running == null ? Future.failedFuture(new GivenUp()) : running.directory();
    }

    private Future<Void> moveEverything() {
        SpareMove running = move;
        return running == null ? Future.failedFuture(new GivenUp()) : running.everything();
    }

    private void back() {
        SpareMove ended = move;
        if (ended != null) {
            lastMove = ended.result() + ", at " + clock.instant();
            LOG.info("the shared store is back and has what was accepted meanwhile: {}", ended.result());
        }
        turn++;
        normal();
    }

    /** Waits until nothing that was claimed from the spare is in flight, or its leases have ended. */
    private Future<Void> drained(long mine) {
        if (mine != turn) {
            return Future.failedFuture(new GivenUp());
        }
        Instant latest = spare.lastLeaseEnd().plus(DRAIN_MARGIN);
        return calls.on(spare.inFlight())
                .otherwise(cause -> {
                    trouble = reasonOf(cause);
                    return 1L;
                })
                .compose(inFlight -> inFlight == 0 || clock.instant().isAfter(latest)
                        ? Future.<Void>succeededFuture()
                        : pause(DRAIN_PERIOD).compose(rested -> drained(mine)));
    }

    /** Does a step until it succeeds or the way back is given up. */
    private Future<Void> repeat(long mine, Supplier<Future<Void>> step) {
        if (mine != turn) {
            return Future.failedFuture(new GivenUp());
        }
        return step.get()
                .compose(done -> {
                    trouble = "";
                    return mine == turn ? Future.<Void>succeededFuture() : Future.<Void>failedFuture(new GivenUp());
                })
                .recover(cause -> {
                    if (mine != turn) {
                        return Future.failedFuture(new GivenUp());
                    }
                    if (trouble.isEmpty()) {
                        LOG.warn("a step of the way back to the shared store failed and is tried again", cause);
                    }
                    trouble = reasonOf(cause);
                    return pause(options.probeMin()).compose(rested -> repeat(mine, step));
                });
    }

    private Future<Void> pause(Duration length) {
        Promise<Void> over = Promise.promise();
        long unused = timers.after(length.toMillis(), over::complete);
        return over.future();
    }

    private void watchLater() {
        long unused = timers.after(options.watchPeriod().toMillis(), this::watch);
    }

    private void watch() {
        if (closed) {
            return;
        }
        watchLater();
        boolean needed = phase.routes().primaryResults() == Route.PRIMARY;
        if (!needed || looking || clearing) {
            return;
        }
        looking = true;
        primary.look().onComplete(looked -> {
            looking = false;
            if (looked.succeeded()) {
                missedSince = null;
            } else if (!closed && !clearing) {
                missed(reasonOf(looked.cause()));
            }
        });
    }

    private void missed(String reason) {
        Instant now = clock.instant();
        if (missedSince == null) {
            missedSince = now;
        }
        boolean longEnough = Duration.between(missedSince, now).compareTo(options.awayAfter()) >= 0;
        if (longEnough && phase.routes().primaryResults() == Route.PRIMARY) {
            missedSince = null;
            lost(reason);
        }
    }

    private void lost(String reason) {
        DirectoryMirror running = mirror;
        mirror = null;
        if (running == null) {
            away(reason);
            return;
        }
        // Nothing but this may be in the spare's hands when it begins to take events.
        long mine = ++turn;
        phase = new Phase.Shut();
        calls.on(running.stop())
                .transform(quiet -> calls.on(spare.noteMirror(clock.instant())))
                .onComplete(noted -> {
                    if (noted.failed()) {
                        LOG.warn("the disk of this node could not be written", noted.cause());
                    }
                    if (mine == turn && !closed) {
                        away(reason);
                    }
                });
    }

    private StorageEngine engine() {
        StorageEngine open = primary.engine();
        if (open == null) {
            throw new IllegalStateException("the primary is not open");
        }
        return open;
    }

    private static String reasonOf(Throwable cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
