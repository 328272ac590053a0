package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.SortableId;
import java.io.IOException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Finds rows that lead to no record, or that belong to none: a closer look where counting shows that there are any. */
final class Leftovers {
    private final Walk walk;
    private final RowView rows;
    private final Findings findings;
    private final Recount recount;
    private @Nullable EndpointId current;
    private long counted;
    private int hour = -1;

    Leftovers(Walk walk, Findings findings, Recount recount) {
        this.walk = walk;
        this.rows = walk.rows();
        this.findings = findings;
        this.recount = recount;
    }

    void all() throws IOException {
        count(Table.QUEUE, tally -> tally.queueRows, this::queueRow);
        count(Table.DELIVERY, tally -> tally.deliveryRows, this::deliveryRow);
        walk.all(Table.ATTEMPT_OF_ENDPOINT, (key, value) -> attemptsEnd(key));
        count(Table.ATTEMPT_OF_ENDPOINT, tally -> tally.attemptRows, this::attemptIndexRow);
        long[] names = {0};
        walk.all(Table.EVENT_ID, (key, value) -> names[0]++);
        if (names[0] > recount.eventIds()) {
            walk.all(Table.EVENT_ID, this::eventIdRow);
        }
    }

    /** Counts rows that begin with an endpoint, and looks at all of an endpoint where there are more than expected. */
    private void count(Table table, ToLongFunction<Tally> expected, Walk.Row closer) throws IOException {
        current = null;
        walk.all(table, (key, value) -> {
            EndpointId endpoint = current;
            if (endpoint == null || !endpoint.value().endsWith(Keys.text(key, 0, Keys.ID))) {
                endpointDone(table, expected, closer);
                current = Records.endpoint(key, 0);
            }
            counted++;
        });
        endpointDone(table, expected, closer);
    }

    private void endpointDone(Table table, ToLongFunction<Tally> expected, Walk.Row closer) throws IOException {
        EndpointId endpoint = current;
        if (endpoint != null) {
            Tally tally = recount.tallies().get(endpoint);
            if (counted != (tally == null ? 0 : expected.applyAsLong(tally))) {
                walk.under(table, Keys.bare(endpoint.value()), closer);
            }
        }
        counted = 0;
    }

    private void queueRow(byte[] key, byte[] value) throws IOException {
        EndpointId endpoint = Records.endpoint(key, 0);
        String where = "queue of " + endpoint;
        QueueEntry entry;
        try {
            entry = Keys.queueEntry(key, value);
        } catch (RuntimeException e) {
            findings.add(Kind.UNREADABLE, where, e.toString(), null);
            return;
        }
        ApplicationId application = application(endpoint);
        DeliveryRow delivery;
        try {
            delivery = application == null
                    ? null
                    : Records.delivery(rows, new DeliveryKey(application, endpoint, entry.message()));
        } catch (Records.Unreadable e) {
            return; // told already
        }
        if (delivery == null) {
            findings.add(
                    Kind.DANGLING_INDEX_ENTRY,
                    where,
                    entry.message() + " stands in it, but is not there or did not go to this endpoint",
                    Mender.unqueue(application, endpoint, entry));
            return;
        }
        QueueEntry place = Records.place(entry.message(), delivery);
        if (place == null) {
            findings.add(
                    Kind.TWO_STATES,
                    where,
                    entry.message() + " stands in it, but its delivery is " + delivery.state(),
                    Mender.unqueue(application, endpoint, entry));
        } else if (!Records.same(place, entry)) {
            boolean twice = rows.get(Table.QUEUE, Keys.queue(endpoint, place)) != null;
            findings.add(
                    twice ? Kind.TWO_STATES : Kind.DANGLING_INDEX_ENTRY,
                    where,
                    entry.message() + " stands in it where its delivery does not wait",
                    Mender.unqueue(application, endpoint, entry));
        }
    }

    private void deliveryRow(byte[] key, byte[] value) throws IOException {
        EndpointId endpoint = Records.endpoint(key, 0);
        MessageId message = Records.messageId(key, Keys.ID);
        ApplicationId application = application(endpoint);
        if (application == null || recount.isGone(new DeliveryKey(application, endpoint, message))) {
            findings.add(
                    Kind.ORPHANED_RECORD,
                    "deliveries of " + endpoint,
                    "its message " + message + " is not there or did not go to this endpoint",
                    Mender.dropDelivery(application, endpoint, message));
        }
    }

    private void attemptIndexRow(byte[] key, byte[] value) throws IOException {
        EndpointId endpoint = Records.endpoint(key, 0);
        AttemptId id = Records.attemptId(key);
        MessageId message = Records.messageId(value, 0);
        byte[] row = rows.get(Table.ATTEMPT, Keys.attempt(message, id));
        try {
            if (row == null
                    || !Records.attempt(message, id, row).delivery().endpoint().equals(endpoint)) {
                findings.add(
                        Kind.DANGLING_INDEX_ENTRY,
                        "attempts of " + endpoint,
                        "attempt " + id + " of " + message + " is not there",
                        Mender.dropAttemptIndex(key, message, id));
            }
        } catch (Records.Unreadable e) {
            return; // told already
        }
    }

    /** Once an endpoint and hour: whether its attempts will end. */
    private void attemptsEnd(byte[] key) throws IOException {
        EndpointId endpoint = Records.endpoint(key, 0);
        int of = ExpiryIndex.hour(SortableId.epochMillis(Keys.text(key, Keys.ID, Keys.ID)));
        if (endpoint.equals(current) && of == hour) {
            return;
        }
        current = endpoint;
        hour = of;
        if (!ExpiryIndex.covers(rows, ExpiryIndex.Kind.ATTEMPTS, of, ExpiryIndex.owner(endpoint), of)) {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "expiry of attempts of " + endpoint,
                    "those of hour " + of + " since 1970 would never end",
                    Mender.expireAttempts(endpoint, of));
        }
    }

    private void eventIdRow(byte[] key, byte[] value) throws IOException {
        try {
            if (!Mender.leadsToItsMessage(rows, key, value)) {
                findings.add(
                        Kind.DANGLING_INDEX_ENTRY,
                        "eventIds of " + Records.application(key),
                        "one leads to " + Records.messageId(value, 0) + ", which is not there or has another",
                        Mender.dropEventId(key));
            }
        } catch (Records.Unreadable e) {
            return; // told already
        }
    }

    private @Nullable ApplicationId application(EndpointId endpoint) throws IOException {
        Tally tally = recount.tallies().get(endpoint);
        if (tally != null && tally.application != null) {
            return tally.application;
        }
        byte[] ledger = rows.get(Table.LEDGER, Keys.bare(endpoint.value()));
        return ledger == null ? null : Ledger.decode(ledger).application();
    }
}
