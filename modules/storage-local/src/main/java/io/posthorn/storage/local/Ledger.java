package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Books;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.WaitCause;
import io.posthorn.storage.rows.CircuitCodec;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.storage.rows.StoredEnum;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about the queue of an endpoint: its counts, its parking, and whether the endpoint was removed.
 *
 * @param parkedUntil in milliseconds since 1970; 0 when never parked
 * @param firstBatch the most deliveries of the first claim after the parking; 0 for no bound
 * @param gone how many of the ended deliveries have no records any more
 * @param circuit null where it never opened
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
        boolean removed,
        Gone gone,
        @Nullable Circuit circuit) {
    /** Rows of this version have all fields; those of version 1 say nothing of what is gone, nor of a circuit those of 2. */
    private static final byte VERSION = 3;

    private static final byte WITH_GONE = 2;

    private static final byte[] NO_CIRCUIT = {};

    private static final WaitCause[] CAUSES = WaitCause.values();

    /** Deliveries that ended so and whose records retention has removed; they stay counted. */
    record Gone(long succeeded, long failed, long cancelled) {
        static final Gone NONE = new Gone(0, 0, 0);

        long all() {
            return succeeded + failed + cancelled;
        }

        Gone plus(Gone other) {
            return new Gone(succeeded + other.succeeded, failed + other.failed, cancelled + other.cancelled);
        }

        Gone plus(DeliveryState ended) {
            return new Gone(
                    succeeded + (ended == DeliveryState.SUCCEEDED ? 1 : 0),
                    failed + (ended == DeliveryState.FAILED ? 1 : 0),
                    cancelled + (ended == DeliveryState.CANCELLED ? 1 : 0));
        }
    }

    static Ledger empty(ApplicationId application) {
        return new Ledger(application, 0, 0, 0, 0, 0, WaitCause.READY, 0, false, Gone.NONE, null);
    }

    /** Whether it says nothing that a store without it would not say. */
    boolean isEmpty() {
        return equals(empty(application));
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
                removed,
                gone,
                circuit);
    }

    Ledger parked(long until, WaitCause cause, int batch) {
        return new Ledger(
                application, created, succeeded, failed, cancelled, until, cause, batch, removed, gone, circuit);
    }

    Ledger withCircuit(Circuit newCircuit) {
        return new Ledger(
                application,
                created,
                succeeded,
                failed,
                cancelled,
                parkedUntil,
                parkCause,
                firstBatch,
                removed,
                gone,
                newCircuit);
    }

    Ledger removedNow() {
        return new Ledger(
                application,
                created,
                succeeded,
                failed,
                cancelled,
                parkedUntil,
                parkCause,
                firstBatch,
                true,
                gone,
                circuit);
    }

    /** The records of a delivery that ended so are gone. */
    Ledger withGone(DeliveryState ended) {
        return new Ledger(
                application,
                created,
                succeeded,
                failed,
                cancelled,
                parkedUntil,
                parkCause,
                firstBatch,
                removed,
                gone.plus(ended),
                circuit);
    }

    /** The records of so many deliveries are gone. */
    Ledger withGone(Gone more) {
        return new Ledger(
                application,
                created,
                succeeded,
                failed,
                cancelled,
                parkedUntil,
                parkCause,
                firstBatch,
                removed,
                gone.plus(more),
                circuit);
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
                .number(gone.succeeded())
                .number(gone.failed())
                .number(gone.cancelled())
                .block(circuit == null ? NO_CIRCUIT : CircuitCodec.encode(circuit))
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
                in.number() == 1,
                in.version() < WITH_GONE ? Gone.NONE : new Gone(in.number(), in.number(), in.number()),
                in.version() < VERSION ? null : circuit(in.block()));
    }

    private static @Nullable Circuit circuit(byte[] block) {
        return block.length == 0 ? null : CircuitCodec.decode(block);
    }
}
