package io.posthorn.storage.local;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.Books;
import io.posthorn.contract.EndpointId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares counts with what the records add up to: of each endpoint, and of all together. One thread. */
final class LedgerCheck {
    private final Walk walk;
    private final Findings findings;
    private final Recount recount;
    private final Set<EndpointId> active;
    private final Set<EndpointId> seen = new HashSet<>();
    private Ledger.Gone gone = Ledger.Gone.NONE;
    private Books ledgers = Books.EMPTY;

    /** @param active endpoints whose queues were in memory */
    LedgerCheck(Walk walk, Findings findings, Recount recount, Set<EndpointId> active) {
        this.walk = walk;
        this.findings = findings;
        this.recount = recount;
        this.active = active;
    }

    long endpoints() {
        return seen.size();
    }

    /** What records add up to, those that retention removed as they were counted then. */
    Books recorded() {
        Books sum = new Books(gone.all(), gone.succeeded(), gone.failed(), gone.cancelled(), 0, 0);
        for (Tally tally : recount.tallies().values()) {
            sum = sum.plus(new Books(
                    tally.created, tally.succeeded, tally.failed, tally.cancelled, tally.waiting(), tally.inFlight));
        }
        return sum;
    }

    /** @param totals the counts of all together as memory has them */
    void all(Books totals) throws IOException {
        walk.all(Table.LEDGER, (key, row) -> {
            EndpointId endpoint = Records.endpoint(key, 0);
            Ledger ledger;
            try {
                ledger = Ledger.decode(row);
            } catch (RuntimeException e) {
                seen.add(endpoint);
                findings.add(Kind.UNREADABLE, "counts of " + endpoint, e.toString(), null);
                return;
            }
            compare(endpoint, ledger);
        });
        for (Map.Entry<EndpointId, Tally> entry : recount.tallies().entrySet()) {
            ApplicationId application = entry.getValue().application;
            if (!seen.contains(entry.getKey()) && application != null) {
                compare(entry.getKey(), Ledger.empty(application));
            }
        }
        long created = ledgers.created() - totals.created();
        long succeeded = ledgers.succeeded() - totals.succeeded();
        long failed = ledgers.failed() - totals.failed();
        long cancelled = ledgers.cancelled() - totals.cancelled();
        if (created != 0 || succeeded != 0 || failed != 0 || cancelled != 0) {
            findings.add(
                    Kind.WRONG_COUNTER,
                    "counts of all endpoints together",
                    totals + ", but those of the endpoints add up to " + ledgers,
                    (open, now, writes) -> {
                        open.queues.correctTotals(created, succeeded, failed, cancelled);
                        return true;
                    });
        }
    }

    private void compare(EndpointId endpoint, Ledger ledger) throws IOException {
        seen.add(endpoint);
        ledgers = ledgers.plus(ledger.books(0));
        gone = gone.plus(ledger.gone());
        Tally tally = recount.tally(endpoint);
        if (tally.unsure || recount.isUnsure(ledger.application())) {
            return;
        }
        long created = tally.created + ledger.gone().all() - ledger.created();
        long succeeded = tally.succeeded + ledger.gone().succeeded() - ledger.succeeded();
        long failed = tally.failed + ledger.gone().failed() - ledger.failed();
        long cancelled = tally.cancelled + ledger.gone().cancelled() - ledger.cancelled();
        if (created != 0 || succeeded != 0 || failed != 0 || cancelled != 0) {
            findings.add(
                    Kind.WRONG_COUNTER,
                    "counts of " + endpoint,
                    "created, succeeded, failed, cancelled are off by " + -created + ", " + -succeeded + ", " + -failed
                            + ", " + -cancelled + " in " + ledger.books(0),
                    Mender.count(ledger.application(), endpoint, created, succeeded, failed, cancelled));
        } else if (ledger.open() > 0 && !active.contains(endpoint)) {
            findings.add(
                    Kind.LOST_INDEX_ENTRY,
                    "queue of " + endpoint + " in memory",
                    ledger.open() + " deliveries are open, but it is not known there",
                    Mender.count(ledger.application(), endpoint, 0, 0, 0, 0));
        }
    }
}
