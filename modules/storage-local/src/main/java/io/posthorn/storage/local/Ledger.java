package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Books;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.storage.rows.StoredEnum;

/**
 * What is stored about the queue of an endpoint: its counts, its parking, and whether the endpoint was removed.
 *
 * @param parkedUntil in milliseconds since 1970; 0 when never parked
 * @param firstBatch the most deliveries of the first claim after the parking; 0 for no bound
 */
record Ledger(
        ApplicationId application,
        long created,
        long succeeded,
        long failed,
        long cancelled,
        long parkedUntil,
        WaitCause parkCause,
        int firstBatch,
        boolean removed) {
    private static final byte VERSION = 1;
    private static final WaitCause[] CAUSES = WaitCause.values();

    static Ledger empty(ApplicationId application) {
        return new Ledger(application, 0, 0, 0, 0, 0, WaitCause.READY, 0, false);
    }

    /** Deliveries that have not ended. */
    long open() {
        return created - succeeded - failed - cancelled;
    }

    Books books(int inFlight) {
        return new Books(created, succeeded, failed, cancelled, open() - inFlight, inFlight);
    }

    Ledger count(long newCreated, long newSucceeded, long newFailed, long newCancelled) {
        return new Ledger(
                application,
                created + newCreated,
                succeeded + newSucceeded,
                failed + newFailed,
                cancelled + newCancelled,
                parkedUntil,
                parkCause,
                firstBatch,
                removed);
    }

    Ledger parked(long until, WaitCause cause, int batch) {
        return new Ledger(application, created, succeeded, failed, cancelled, until, cause, batch, removed);
    }

    Ledger removedNow() {
        return new Ledger(application, created, succeeded, failed, cancelled, parkedUntil, parkCause, firstBatch, true);
    }

    byte[] encode() {
        return new RowWriter(VERSION)
                .id(application.value())
                .number(created)
                .number(succeeded)
                .number(failed)
                .number(cancelled)
                .number(parkedUntil)
                .number(StoredEnum.code(parkCause))
                .number(firstBatch)
                .number(removed ? 1 : 0)
                .bytes();
    }

    static Ledger decode(byte[] row) {
        RowReader in = new RowReader(row);
        return new Ledger(
                new ApplicationId(ApplicationId.PREFIX + in.id()),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                CAUSES[(int) in.number()],
                (int) in.number(),
                in.number() == 1);
    }
}
