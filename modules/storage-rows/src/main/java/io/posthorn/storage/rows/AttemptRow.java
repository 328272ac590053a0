package io.posthorn.storage.rows;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import java.time.Duration;
import java.time.Instant;

/** The row of {@link Table#ATTEMPT}. */
public final class AttemptRow {
    /** Stands where a response was dropped on request. */
    public static final String EXPUNGED = "EXPUNGED";

    private static final byte VERSION = 1;

    private AttemptRow() {}

    /** Writes all but the ids of the message and of the attempt, which the key has. */
    public static byte[] encode(Attempt attempt) {
        return new RowWriter(VERSION)
                .id(attempt.delivery().application().value())
                .id(attempt.delivery().endpoint().value())
                .number(attempt.number())
                .number(StoredEnum.code(attempt.trigger()))
                .text(attempt.url())
                .number(attempt.startedAt().toEpochMilli())
                .number(attempt.duration().toMillis())
                .number(attempt.statusCode())
                .text(attempt.response())
                .number(attempt.succeeded() ? 1 : 0)
                .bytes();
    }

    /** Reads what {@link #encode} wrote. */
    public static Attempt decode(MessageId message, AttemptId id, byte[] row) {
        RowReader in = new RowReader(row);
        ApplicationId application = new ApplicationId(ApplicationId.PREFIX + in.id());
        EndpointId endpoint = new EndpointId(EndpointId.PREFIX + in.id());
        return new Attempt(
                id,
                new DeliveryKey(application, endpoint, message),
                (int) in.number(),
                in.number() == 0 ? Trigger.SCHEDULED : Trigger.MANUAL,
                in.text(),
                Instant.ofEpochMilli(in.number()),
                Duration.ofMillis(in.number()),
                (int) in.number(),
                in.text(),
                in.number() == 1);
    }

    /** The same attempt with its response dropped. */
    public static Attempt expunged(Attempt attempt) {
        return new Attempt(
                attempt.id(),
                attempt.delivery(),
                attempt.number(),
                attempt.trigger(),
                attempt.url(),
                attempt.startedAt(),
                attempt.duration(),
                attempt.statusCode(),
                EXPUNGED,
                attempt.succeeded());
    }
}
