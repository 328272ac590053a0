package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.local.Findings.Mend;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How each kind of difference is put right: records are the truth, indexes and counters follow. Of two states of a
 * delivery the one that its row says stands. Each looks again first, since traffic may have changed what was found.
 */
final class Mender {
    private Mender() {}

    /** A waiting delivery stands in its queue again. */
    static Mend queueAgain(DeliveryKey key) {
        return (open, now, writes) -> {
            QueueEntry place = Records.place(open.map, key);
            if (place != null && open.map.get(Table.QUEUE, Keys.queue(key.endpoint(), place)) == null) {
                writes.put(Table.QUEUE, Keys.queue(key.endpoint(), place), place.value());
                open.queues.forgetRows(open.queues.of(key.application(), key.endpoint()), now);
            }
            return true;
        };
    }

    /** A row that the delivery does not wait at leaves the queue, and what is in flight by it is let go. */
    static Mend unqueue(@Nullable ApplicationId application, EndpointId endpoint, QueueEntry entry) {
        return (open, now, writes) -> {
            DeliveryKey key = application == null ? null : new DeliveryKey(application, endpoint, entry.message());
            if (key != null && Records.same(Records.place(open.map, key), entry)) {
                return true;
            }
            writes.delete(Table.QUEUE, Keys.queue(endpoint, entry));
            if (key != null) {
                letGo(open, key, entry, writes);
                open.queues.forgetRows(open.queues.of(key.application(), endpoint), now);
            }
            return true;
        };
    }

    private static void letGo(Store open, DeliveryKey key, QueueEntry entry, WriteSet writes) {
        Leases.Flight flight = open.queues.leases.find(key);
        if (flight != null && Records.same(flight.entry(), entry)) {
            open.queues.leases.release(key, flight, writes);
        }
        open.queues.leases.forgetOverdue(key, writes);
    }

    /** What is in flight but does not wait is let go. */
    static Mend letGo(DeliveryKey key) {
        return (open, now, writes) -> {
            Leases.Flight flight = open.queues.leases.find(key);
            if (flight != null && !Records.same(Records.place(open.map, key), flight.entry())) {
                open.queues.leases.release(key, flight, writes);
                open.queues.forgetRows(flight.queue(), now);
            }
            return true;
        };
    }

    /** A delivery of no message goes. */
    static Mend dropDelivery(@Nullable ApplicationId application, EndpointId endpoint, MessageId message) {
        return (open, now, writes) -> {
            if (application == null
                    || Records.delivery(open.map, new DeliveryKey(application, endpoint, message)) == null) {
                writes.delete(Table.DELIVERY, Keys.delivery(endpoint, message));
            }
            return true;
        };
    }

    /** An attempt of no delivery goes. */
    static Mend dropAttempt(Attempt attempt) {
        return (open, now, writes) -> {
            DeliveryKey key = attempt.delivery();
            if (Records.delivery(open.map, key) == null) {
                writes.delete(Table.ATTEMPT, Keys.attempt(key.message(), attempt.id()));
                writes.delete(Table.ATTEMPT_OF_ENDPOINT, Keys.attemptOfEndpoint(key.endpoint(), attempt.id()));
            }
            return true;
        };
    }

    static Mend indexAttempt(Attempt attempt) {
        return (open, now, writes) -> {
            DeliveryKey key = attempt.delivery();
            if (open.map.get(Table.ATTEMPT, Keys.attempt(key.message(), attempt.id())) != null) {
                writes.put(
                        Table.ATTEMPT_OF_ENDPOINT,
                        Keys.attemptOfEndpoint(key.endpoint(), attempt.id()),
                        Keys.bare(key.message().value()));
                open.expiry.trustNothing();
                open.expiry.stored(attempt, now, writes);
            }
            return true;
        };
    }

    static Mend dropAttemptIndex(byte[] key, MessageId message, AttemptId attempt) {
        return (open, now, writes) -> {
            byte[] row = open.map.get(Table.ATTEMPT, Keys.attempt(message, attempt));
            EndpointId endpoint = Records.endpoint(key, 0);
            if (row == null
                    || !Records.attempt(message, attempt, row)
                            .delivery()
                            .endpoint()
                            .equals(endpoint)) {
                writes.delete(Table.ATTEMPT_OF_ENDPOINT, key);
            }
            return true;
        };
    }

    /** The attempts of that hour end in time again. */
    static Mend expireAttempts(EndpointId endpoint, int hour) {
        return (open, now, writes) -> {
            open.expiry.trustNothing();
            open.expiry.enter(ExpiryIndex.Kind.ATTEMPTS, hour, ExpiryIndex.owner(endpoint), hour, now, writes);
            return true;
        };
    }

    /** The message ends in time again. */
    static Mend expire(Message message) {
        return (open, now, writes) -> {
            open.expiry.trustNothing();
            open.expiry.stored(message, now, writes);
            return true;
        };
    }

    /** The message is found by its eventId again; answers false when that leads to another message that has it, too. */
    static Mend indexEventId(Message message, String eventId) {
        return (open, now, writes) -> {
            byte[] key = Keys.eventId(message.application(), eventId);
            byte[] other = open.map.get(Table.EVENT_ID, key);
            byte[] own = Keys.bare(message.id().value());
            if (other != null && !Arrays.equals(other, own)) {
                MessageRow row = Records.message(open.map, message.application(), Records.messageId(other, 0));
                if (row != null && eventId.equals(row.message().eventId())) {
                    return false;
                }
            }
            if (Records.message(open.map, message.application(), message.id()) != null) {
                writes.put(Table.EVENT_ID, key, own);
            }
            return true;
        };
    }

    static Mend dropEventId(byte[] key) {
        return (open, now, writes) -> {
            byte[] id = open.map.get(Table.EVENT_ID, key);
            if (id != null && !leadsToItsMessage(open.map, key, id)) {
                writes.delete(Table.EVENT_ID, key);
            }
            return true;
        };
    }

    /** Whether the message is there and has that eventId. */
    static boolean leadsToItsMessage(RowView rows, byte[] key, byte[] id) throws IOException {
        MessageRow row = Records.message(rows, Records.application(key), Records.messageId(id, 0));
        String eventId = row == null ? null : row.message().eventId();
        return eventId != null && Arrays.equals(key, Keys.eventId(Records.application(key), eventId));
    }

    static Mend dropLease(long fence) {
        return (open, now, writes) -> {
            if (!open.queues.leases.standing().containsKey(fence)) {
                writes.delete(Table.LEASE, Keys.lease(fence));
            }
            return true;
        };
    }

    static Mend writeLease(long fence) {
        return (open, now, writes) -> {
            Lease lease = open.queues.leases.standing().get(fence);
            if (lease != null) {
                writes.put(Table.LEASE, Keys.lease(fence), lease.encode());
            }
            return true;
        };
    }

    /** Adds to the counts of an endpoint what records have more: traffic since then changed both alike. */
    static Mend count(
            ApplicationId application, EndpointId endpoint, long created, long succeeded, long failed, long cancelled) {
        return (open, now, writes) -> {
            EndpointQueue queue = open.queues.of(application, endpoint);
            open.queues.count(queue, created, succeeded, failed, cancelled);
            open.queues.forgetRows(queue, now);
            return true;
        };
    }
}
