package io.posthorn.storage.local;

import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.storage.rows.RowReader;
import io.posthorn.storage.rows.RowWriter;
import io.posthorn.storage.rows.StoredEnum;
import java.time.Instant;

/**
 * The row of {@link Table#DELIVERY}. In flight is not written: a claim changes only its lease.
 *
 * @param due in milliseconds since 1970; where it waits, this and the class lead to its row in the queue
 */
record DeliveryRow(DeliveryState state, int attempts, QueueClass queueClass, long due, long changedAt) {
    private static final byte VERSION = 1;
    private static final DeliveryState[] STATES = DeliveryState.values();

    static DeliveryRow waiting(QueueEntry entry, long now) {
        return new DeliveryRow(DeliveryState.WAITING, entry.attempts(), entry.queueClass(), entry.due(), now);
    }

    static DeliveryRow untried(long appendedAt) {
        return new DeliveryRow(DeliveryState.WAITING, 0, QueueClass.FIRST, appendedAt, appendedAt);
    }

    static DeliveryRow ended(DeliveryState state, int attempts, long now) {
        return new DeliveryRow(state, attempts, QueueClass.FIRST, 0, now);
    }

    Delivery delivery(DeliveryKey key, boolean inFlight) {
        return new Delivery(
                key,
                inFlight && state == DeliveryState.WAITING ? DeliveryState.IN_FLIGHT : state,
                attempts,
                state == DeliveryState.WAITING ? Instant.ofEpochMilli(due) : null,
                Instant.ofEpochMilli(changedAt));
    }

    /** The same with its times so many milliseconds later. */
    DeliveryRow withTimes(long later) {
        return later == 0
                ? this
                : new DeliveryRow(
                        state,
                        attempts,
                        queueClass,
                        state == DeliveryState.WAITING ? due + later : due,
                        changedAt + later);
    }

    byte[] encode() {
        return new RowWriter(VERSION)
                .number(StoredEnum.code(state))
                .number(attempts)
                .number(StoredEnum.code(queueClass))
                .number(due)
                .number(changedAt)
                .bytes();
    }

    static DeliveryRow decode(byte[] row) {
        RowReader in = new RowReader(row);
        return new DeliveryRow(
                STATES[(int) in.number()],
                (int) in.number(),
                QueueClass.of((byte) in.number()),
                in.number(),
                in.number());
    }
}
