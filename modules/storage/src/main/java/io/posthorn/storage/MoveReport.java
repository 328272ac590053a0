package io.posthorn.storage;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import java.util.List;

/**
 * What a finished move did, and the recount of both stores.
 *
 * @param items how many items were moved, those of interrupted runs included
 * @param changes a line for each thing that had to be changed to fit, at most {@value #MAX_CHANGES} of this run
 * @param changeCount how many there were in this run
 * @param source the books of the store that was read
 * @param target the books of the store that was written
 * @param sourceAudit the recount of the one that was read
 * @param targetAudit the recount of the one that was written
 */
public record MoveReport(
        long items,
        List<String> changes,
        long changeCount,
        Books source,
        Books target,
        AuditReport sourceAudit,
        AuditReport targetAudit) {
    /** The most changes that are listed. */
    public static final int MAX_CHANGES = 1_000;

    public MoveReport {
        changes = List.copyOf(changes);
    }

    /**
     * Whether the target has what the source has: the same counts, nothing in flight told from waiting, and a recount of
     * the target without differences.
     */
    public boolean agrees() {
        return settled(source).equals(settled(target)) && targetAudit.clean();
    }

    private static Books settled(Books books) {
        return new Books(
                books.created(),
                books.succeeded(),
                books.failed(),
                books.cancelled(),
                books.waiting() + books.inFlight(),
                0);
    }
}
