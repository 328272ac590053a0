package io.posthorn.storage.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.AuditReport.Kind;
import io.posthorn.contract.Books;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.EndpointId;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recounts a store while traffic flows. The rows are read from the map as it stood at one moment, between two groups,
 * when they and memory must agree; so traffic makes no difference. What is mended is looked at again on the store thread,
 * some at a time. On a thread of its own, one audit at a time.
 */
final class Auditor {
    private static final int QUEUES_A_STEP = 500;

    private final String engine;
    private final StoreThread store;
    private final InstantSource clock;

    Auditor(String engine, StoreThread store, InstantSource clock) {
        this.engine = engine;
        this.store = store;
        this.clock = clock;
    }

    /** Memory and rows at one moment. */
    private record Moment(
            RowView.Frozen rows,
            Books totals,
            Map<DeliveryKey, Leases.Flight> flights,
            Map<Long, Lease> leases,
            Set<EndpointId> active,
            List<EndpointId> wrongInFlight) {}

    /** Blocks until all is looked at. */
    AuditReport audit(boolean repair, LongConsumer looked) throws IOException {
        Instant startedAt = clock.instant();
        long start = System.nanoTime();
        Findings findings = new Findings(repair ? this::mendAll : null);
        compareLedgers(findings);
        Moment moment = await(store.submit(Operation.Kind.UPKEEP, (open, now, writes) -> freeze(open)));
        try (RowView.Frozen rows = moment.rows()) {
            Walk walk = new Walk(rows, looked);
            Recount recount = new Recount(walk, findings, moment.flights());
            recount.all();
            new Leftovers(walk, findings, recount).all();
            leases(walk, moment, findings);
            LedgerCheck ledgers = new LedgerCheck(walk, findings, recount, moment.active());
            ledgers.all(moment.totals());
            for (EndpointId endpoint : moment.wrongInFlight()) {
                findings.add(
                        Kind.WRONG_COUNTER, "in flight at " + endpoint, "not what the leases hold", inFlight(endpoint));
            }
            findings.mendAll();
            long deliveries = recount.tallies().values().stream()
                    .mapToLong(tally -> tally.created)
                    .sum();
            return new AuditReport(
                    engine,
                    startedAt,
                    Duration.ofNanos(System.nanoTime() - start),
                    ledgers.endpoints(),
                    recount.messages(),
                    deliveries,
                    recount.attempts(),
                    moment.totals(),
                    ledgers.recorded(),
                    findings.count(),
                    findings.listed());
        }
    }

    private static Moment freeze(Store open) throws IOException {
        Map<DeliveryKey, Leases.Flight> flights = open.queues.leases.flights();
        IdentityHashMap<EndpointQueue, Integer> held = new IdentityHashMap<>();
        flights.values().forEach(flight -> held.merge(flight.queue(), 1, Integer::sum));
        Set<EndpointId> active = new HashSet<>();
        List<EndpointId> wrong = new ArrayList<>();
        for (EndpointQueue queue : open.queues.all()) {
            active.add(queue.endpoint);
            if (queue.inFlight != held.getOrDefault(queue, 0)) {
                wrong.add(queue.endpoint);
            }
        }
        return new Moment(
                open.map.snapshot(), open.queues.totals(), flights, open.queues.leases.standing(), active, wrong);
    }

    /** The ledgers of queues in memory and their rows, some a step, while nothing is written. */
    private void compareLedgers(Findings findings) throws IOException {
        List<EndpointId> endpoints =
                await(store.submit(Operation.Kind.UPKEEP, (open, now, writes) -> open.queues.endpoints()));
        for (int from = 0; from < endpoints.size(); from += QUEUES_A_STEP) {
            List<EndpointId> part = endpoints.subList(from, Math.min(endpoints.size(), from + QUEUES_A_STEP));
            List<EndpointId> wrong = new ArrayList<>();
            List<EndpointId> stuck = new ArrayList<>();
            await(store.submit(Operation.Kind.UPKEEP, (open, now, writes) -> {
                for (EndpointId endpoint : part) {
                    EndpointQueue queue = open.queues.known(endpoint);
                    if (queue != null && differs(queue, open.map.get(Table.LEDGER, queue.ledgerKey))) {
                        wrong.add(endpoint);
                    }
                    if (queue != null && open.queues.isForgotten(queue, now)) {
                        stuck.add(endpoint);
                    }
                }
                return part;
            }));
            for (EndpointId endpoint : wrong) {
                findings.add(
                        Kind.WRONG_COUNTER,
                        "counts of " + endpoint + " in memory",
                        "not those in the store",
                        (open, now, writes) -> {
                            EndpointQueue queue = open.queues.known(endpoint);
                            if (queue != null) {
                                open.queues.touch(queue);
                            }
                            return true;
                        });
            }
            for (EndpointId endpoint : stuck) {
                findings.add(
                        Kind.LOST_INDEX_ENTRY,
                        "queue of " + endpoint + " in memory",
                        "nothing would ever look at it",
                        inFlight(endpoint));
            }
        }
        findings.mendAll();
    }

    private static boolean differs(EndpointQueue queue, byte @Nullable [] row) {
        if (row == null) {
            return !queue.ledger.isEmpty();
        }
        try {
            return !Ledger.decode(row).equals(queue.ledger);
        } catch (RuntimeException e) {
            return true; // it cannot be read; memory knows better
        }
    }

    /** Counts again what is in flight of a queue, and puts it where it belongs. */
    private static Findings.Mend inFlight(EndpointId endpoint) {
        return (open, now, writes) -> {
            EndpointQueue queue = open.queues.known(endpoint);
            if (queue != null) {
                queue.inFlight = (int) open.queues.leases.flights().values().stream()
                        .filter(flight -> flight.queue() == queue)
                        .count();
                open.queues.forgetRows(queue, now);
            }
            return true;
        };
    }

    private static void leases(Walk walk, Moment moment, Findings findings) throws IOException {
        Set<Long> stored = new HashSet<>();
        walk.all(Table.LEASE, (key, row) -> {
            long fence = ByteBuffer.wrap(key).getLong();
            stored.add(fence);
            if (!moment.leases().containsKey(fence)) {
                findings.add(
                        Kind.DANGLING_INDEX_ENTRY, "lease " + fence, "holds nothing any more", Mender.dropLease(fence));
            }
        });
        for (Long fence : moment.leases().keySet()) {
            if (!stored.contains(fence)) {
                findings.add(
                        Kind.LOST_INDEX_ENTRY,
                        "lease " + fence,
                        "holds deliveries, but is not stored",
                        Mender.writeLease(fence));
            }
        }
    }

    private List<Boolean> mendAll(List<Findings.Mend> mends) throws IOException {
        return await(store.submit(Operation.Kind.UPKEEP, (open, now, writes) -> {
            List<Boolean> mended = new ArrayList<>(mends.size());
            for (Findings.Mend mend : mends) {
                mended.add(mended(mend, open, now, writes));
            }
            return mended;
        }));
    }

    private static boolean mended(Findings.Mend mend, Store open, long now, WriteSet writes) throws IOException {
        try {
            return mend.now(open, now, writes);
        } catch (Records.Unreadable e) {
            return false; // told as such; it looked before it wrote
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> step) throws IOException {
        try {
            return step.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IOException("the store did not take a step of the audit", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the audit was interrupted", e);
        }
    }
}
