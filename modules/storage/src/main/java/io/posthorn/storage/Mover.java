package io.posthorn.storage;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.posthorn.storage.api.StorageEngine;
import io.posthorn.storage.api.StoreRefused;
import io.posthorn.storage.api.Transfer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves all that one store holds into another, a part at a time, and recounts both. Both engines are open; nothing else
 * uses either of them meanwhile. The target remembers how far it came, so that a move that was killed at any point goes
 * on when it is begun again. The source is only read.
 */
public final class Mover {
    private Mover() {}

    /**
     * Moves. Completes when everything is durable in the target and both were recounted; the target remembers that the
     * move has ended when the counts agree, and how far it came when they do not. A move that has ended is only recounted.
     * Fails with {@link StoreRefused}, whose message is one line for the operator, when the target holds other data or
     * was changed since the move ended, when both are the same store, or when the source is itself the target of an
     * unfinished move; and with what an engine failed with. Blocks no thread.
     */
    public static Future<MoveReport> move(StorageEngine from, StorageEngine to, MoveListener progress) {
        return Future.all(from.identity(), to.identity()).compose(both -> {
            Transfer.Identity source = both.resultAt(0);
            Transfer.Identity target = both.resultAt(1);
            String refusal = refusal(from, to, source, target);
            if (refusal != null) {
                return Future.failedFuture(new StoreRefused(refusal));
            }
            return new Run(from, to, source.id(), progress).from(target.mark());
        });
    }

    private static @Nullable String refusal(
            StorageEngine from, StorageEngine to, Transfer.Identity source, Transfer.Identity target) {
        if (source.id().equals(target.id())) {
            return "the " + from.name() + " store and the " + to.name() + " store are the same store " + source.id();
        }
        if (source.mark() != null && !source.mark().ended()) {
            return "the " + from.name() + " store to be read holds a part of store "
                    + source.mark().source() + ": finish that move first";
        }
        Transfer.Mark mark = target.mark();
        if (mark != null && mark.source().equals(source.id())) {
            return null;
        }
        if (mark != null && !mark.ended()) {
            return "the " + to.name() + " store to be written holds a part of store " + mark.source() + ", not of "
                    + source.id() + ": finish that move, or choose an empty one";
        }
        return target.empty()
                ? null
                : "the " + to.name() + " store to be written holds other data: choose an empty one";
    }

    /** One run of a move: part after part, then the recount. */
    private static final class Run {
        private final StorageEngine from;
        private final StorageEngine to;
        private final String source;
        private final MoveListener progress;
        private final Promise<MoveReport> done = Promise.promise();
        private final List<String> changes = new ArrayList<>();
        private long changeCount;
        private long items;

        Run(StorageEngine from, StorageEngine to, String source, MoveListener progress) {
            this.from = from;
            this.to = to;
            this.source = source;
            this.progress = progress;
        }

        Future<MoveReport> from(Transfer.@Nullable Mark mark) {
            if (mark == null || !mark.source().equals(source)) {
                // Before anything is written: what a killed run leaves must be known as a part of this source.
                to.mark(Transfer.Mark.underWay(source, null, 0))
                        .compose(marked -> from.read(null))
                        .onComplete(this::write, done::fail);
            } else if (mark.ended()) {
                items = mark.items();
                recount()
                        .compose(report -> report.agrees() ? end(report) : changedSince())
                        .onComplete(done);
            } else {
                items = mark.items();
                from.read(mark.cursor()).onComplete(this::write, done::fail);
            }
            return done.future();
        }

        /** Writes a part and goes on with the next; a loop over callbacks, so that no chain grows with the store. */
        private void write(Transfer.Chunk chunk) {
            to.write(source, chunk.items())
                    .onComplete(
                            lines -> {
                                changeCount += lines.size();
                                int room = MoveReport.MAX_CHANGES - changes.size();
                                changes.addAll(lines.subList(0, Math.min(room, lines.size())));
                                items += chunk.items().size();
                                progress.moved(items, Math.max(items, chunk.total()));
                                goOn(chunk.next());
                            },
                            done::fail);
        }

        private void goOn(@Nullable String next) {
            if (next == null) {
                recount()
                        .compose(report -> report.agrees() ? end(report) : Future.succeededFuture(report))
                        .onComplete(done);
            } else {
                to.mark(Transfer.Mark.underWay(source, next, items))
                        .compose(marked -> from.read(next))
                        .onComplete(this::write, done::fail);
            }
        }

        private Future<MoveReport> recount() {
            Future<Books> sourceBooks = from.backlog().map(backlog -> backlog.books());
            Future<Books> targetBooks = to.backlog().map(backlog -> backlog.books());
            Future<AuditReport> sourceAudit = from.audit(false, looked -> {});
            Future<AuditReport> targetAudit = to.audit(false, looked -> {});
            return Future.all(sourceBooks, targetBooks, sourceAudit, targetAudit)
                    .map(all -> new MoveReport(
                            items,
                            changes,
                            changeCount,
                            sourceBooks.result(),
                            targetBooks.result(),
                            sourceAudit.result(),
                            targetAudit.result()));
        }

        /** Again for a move that has ended: it may have been killed before all that this tidies up was gone. */
        private Future<MoveReport> end(MoveReport report) {
            return to.mark(Transfer.Mark.ended(source, items)).map(marked -> report);
        }

        private Future<MoveReport> changedSince() {
            return Future.failedFuture(
                    new StoreRefused("this move has ended before, and the two stores do not agree any"
                            + " more: one of them was used since (posthorn verify recounts each)"));
        }
    }
}
