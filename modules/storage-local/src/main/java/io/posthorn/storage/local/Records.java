package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.posthorn.storage.rows.AttemptRow;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The records that everything else follows from: the message with the endpoints that it went to, and the row of a
 * delivery where it has one. A delivery is in the state that its row says; without one it waits since it was appended.
 */
final class Records {
    private Records() {}

    /** A row that nobody can read. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreadable(String what, RuntimeException cause) {
            super(what + ": " + cause, cause);
        }
    }

    static @Nullable MessageRow message(RowView rows, ApplicationId application, MessageId id) throws IOException {
        byte[] row = rows.get(Table.MESSAGE, Keys.message(application, id));
        return row == null ? null : message(application, id, row);
    }

    /** Without the payload. */
    static MessageRow message(ApplicationId application, MessageId id, byte[] row) throws Unreadable {
        try {
            return MessageRow.decode(application, id, row, false, Instant.EPOCH);
        } catch (RuntimeException e) {
            throw new Unreadable("message " + id, e);
        }
    }

    static DeliveryRow delivery(byte @Nullable [] row, MessageRow message) throws Unreadable {
        try {
            return row == null ? DeliveryRow.untried(message.appendedAt()) : DeliveryRow.decode(row);
        } catch (RuntimeException e) {
            throw new Unreadable("a delivery of message " + message.message().id(), e);
        }
    }

    /** The delivery; null when its message is not there or did not go to the endpoint. */
    static @Nullable DeliveryRow delivery(RowView rows, DeliveryKey key) throws IOException {
        MessageRow message = message(rows, key.application(), key.message());
        if (message == null || !message.endpoints().contains(key.endpoint())) {
            return null;
        }
        return delivery(rows.get(Table.DELIVERY, Keys.delivery(key.endpoint(), key.message())), message);
    }

    /** Where a delivery stands in its queue; null where it has ended. The trigger is not known. */
    static @Nullable QueueEntry place(MessageId message, DeliveryRow delivery) {
        return delivery.state().isEnd()
                ? null
                : new QueueEntry(
                        delivery.queueClass(), delivery.due(), message, delivery.attempts(), Trigger.SCHEDULED);
    }

    static @Nullable QueueEntry place(RowView rows, DeliveryKey key) throws IOException {
        DeliveryRow delivery = delivery(rows, key);
        return delivery == null ? null : place(key.message(), delivery);
    }

    static Attempt attempt(MessageId message, AttemptId id, byte[] row) throws Unreadable {
        try {
            return AttemptRow.decode(message, id, row);
        } catch (RuntimeException e) {
            throw new Unreadable("attempt " + id, e);
        }
    }

    /** Whether two places are one row. */
    static boolean same(@Nullable QueueEntry one, QueueEntry other) {
        return one != null
                && one.queueClass() == other.queueClass()
                && one.due() == other.due()
                && one.message().equals(other.message());
    }

    static EndpointId endpoint(byte[] key, int start) {
        return new EndpointId(EndpointId.PREFIX + Keys.text(key, start, Keys.ID));
    }

    static MessageId messageId(byte[] bytes, int start) {
        return new MessageId(MessageId.PREFIX + Keys.text(bytes, start, Keys.ID));
    }

    static AttemptId attemptId(byte[] key) {
        return new AttemptId(AttemptId.PREFIX + Keys.text(key, Keys.ID, Keys.ID));
    }

    static ApplicationId application(byte[] key) {
        return new ApplicationId(ApplicationId.PREFIX + Keys.text(key, 0, Keys.ID));
    }
}
