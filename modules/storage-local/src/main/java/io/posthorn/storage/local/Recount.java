package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.storage.local.ExpiryIndex.Bucket;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes from the records of a frozen store to everything that must lead to them, and counts. What leads to nothing is
 * then seen by counting: {@link Leftovers} looks closer only where there are more rows than records account for. Memory:
 * a tally an endpoint. One thread.
 */
final class Recount {
    private final Walk walk;
    private final RowView rows;
    private final Findings findings;
    private final Map<DeliveryKey, Leases.Flight> flights;
    private final Map<EndpointId, Tally> tallies = new HashMap<>();

    /** Applications with a message that cannot be read: nobody knows which endpoints it went to. */
    private final Set<ApplicationId> unsure = new HashSet<>();

    private long messages;
    private long attempts;
    private long eventIds;
    private @Nullable Bucket covered;

    Recount(Walk walk, Findings findings, Map<DeliveryKey, Leases.Flight> flights) {
        this.walk = walk;
        this.rows = walk.rows();
        this.findings = findings;
        this.flights = flights;
    }

    Map<EndpointId, Tally> tallies() {
        return tallies;
    }

    Tally tally(EndpointId endpoint) {
        return tallies.computeIfAbsent(endpoint, absent -> new Tally());
    }

    boolean isUnsure(ApplicationId application) {
        return unsure.contains(application);
    }

    long messages() {
        return messages;
    }

    long attempts() {
        return attempts;
    }

    /** How many names lead to their message. */
    long eventIds() {
        return eventIds;
    }

    void all() throws IOException {
        walk.all(Table.MESSAGE, this::message);
        walk.all(Table.ATTEMPT, this::attempt);
        for (Map.Entry<DeliveryKey, Leases.Flight> flight : flights.entrySet()) {
            flight(flight.getKey(), flight.getValue().entry());
        }
    }

    private void message(byte[] key, byte[] value) throws IOException {
        messages++;
        ApplicationId application = Records.application(key);
        MessageId id = Records.messageId(key, Keys.ID);
        MessageRow row;
        try {
            row = Records.message(application, id, value);
        } catch (Records.Unreadable e) {
            unsure.add(application);
            unreadable("message " + id, e);
            return;
        }
        for (EndpointId endpoint : row.endpoints()) {
            delivery(new DeliveryKey(application, endpoint, id), row);
        }
        eventId(row.message());
        expiry(row.message());
    }

    private void delivery(DeliveryKey key, MessageRow message) throws IOException {
        Tally tally = tally(key.endpoint());
        tally.application = key.application();
        byte[] stored = rows.get(Table.DELIVERY, Keys.delivery(key.endpoint(), key.message()));
        tally.deliveryRows += stored == null ? 0 : 1;
        DeliveryRow delivery;
        try {
            delivery = Records.delivery(stored, message);
        } catch (Records.Unreadable e) {
            tally.unsure = true;
            unreadable("delivery " + key, e);
            return;
        }
        tally.add(delivery.state());
        QueueEntry place = Records.place(key.message(), delivery);
        if (place == null) {
            return;
        }
        tally.inFlight += flights.containsKey(key) ? 1 : 0;
        if (rows.get(Table.QUEUE, Keys.queue(key.endpoint(), place)) != null) {
            tally.queueRows++;
        } else {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "queue of " + key.endpoint(),
                    key.message() + " waits, but does not stand in it",
                    Mender.queueAgain(key));
        }
    }

    private void eventId(Message message) throws IOException {
        String eventId = message.eventId();
        if (eventId == null) {
            return;
        }
        byte[] id = rows.get(Table.EVENT_ID, Keys.eventId(message.application(), eventId));
        if (id != null && Arrays.equals(id, Keys.bare(message.id().value()))) {
            eventIds++;
        } else {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "eventIds of " + message.application(),
                    "the eventId of " + message.id() + " leads " + (id == null ? "nowhere" : "to another message"),
                    Mender.indexEventId(message, eventId));
        }
    }

    private void expiry(Message message) throws IOException {
        int hour = ExpiryIndex.hour(message.contentExpiresAt().toEpochMilli());
        int taken = ExpiryIndex.hour(message.createdAt().toEpochMilli());
        String owner = ExpiryIndex.owner(message.application());
        Bucket bucket = new Bucket(ExpiryIndex.Kind.CONTENTS, hour, owner, taken);
        if (bucket.equals(covered)) {
            return;
        }
        if (ExpiryIndex.covers(rows, ExpiryIndex.Kind.CONTENTS, hour, owner, taken)
                || ExpiryIndex.covers(rows, ExpiryIndex.Kind.RECORDS, hour, owner, taken)) {
            covered = bucket;
        } else {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "expiry of messages of " + message.application(),
                    message.id() + " would never end",
                    Mender.expire(message));
        }
    }

    private void attempt(byte[] key, byte[] value) throws IOException {
        attempts++;
        MessageId message = Records.messageId(key, 0);
        AttemptId id = Records.attemptId(key);
        Attempt attempt;
        try {
            attempt = Records.attempt(message, id, value);
        } catch (Records.Unreadable e) {
            unreadable("attempt " + id, e);
            return;
        }
        DeliveryKey delivery = attempt.delivery();
        if (isGone(delivery)) {
            findings.add(
                    Kind.ORPHANED_RECORD,
                    "attempts of " + message,
                    "attempt " + id + " belongs to no delivery for " + delivery.endpoint(),
                    Mender.dropAttempt(attempt));
            return;
        }
        byte[] indexed = rows.get(Table.ATTEMPT_OF_ENDPOINT, Keys.attemptOfEndpoint(delivery.endpoint(), id));
        if (indexed != null && Arrays.equals(indexed, Keys.bare(message.value()))) {
            tally(delivery.endpoint()).attemptRows++;
        } else {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "attempts of " + delivery.endpoint(),
                    "attempt " + id + " of " + message + " is not among them",
                    Mender.indexAttempt(attempt));
        }
    }

    /** Whether a delivery is not there; one of a message that cannot be read may be. */
    boolean isGone(DeliveryKey key) throws IOException {
        try {
            return Records.delivery(rows, key) == null;
        } catch (Records.Unreadable e) {
            return false; // told already
        }
    }

    private void flight(DeliveryKey key, QueueEntry entry) throws IOException {
        QueueEntry place;
        try {
            place = Records.place(rows, key);
        } catch (Records.Unreadable e) {
            return; // told already
        }
        if (!Records.same(place, entry)) {
            findings.add(
                    Kind.TWO_STATES,
                    "delivery " + key,
                    "is in flight, but " + (place == null ? "does not wait" : "waits elsewhere in its queue"),
                    Mender.letGo(key));
        }
    }

    private void unreadable(String where, Records.Unreadable e) throws IOException {
        findings.add(Kind.UNREADABLE, where, String.valueOf(e.getMessage()), null);
    }
}
