package io.posthorn.dispatch;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Claimed;
import io.posthorn.contract.ClaimedDelivery;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Entity;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.PermitGrant;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.Requests;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.SettleOutcome;
import io.posthorn.contract.Settlement;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A storage and a rate limiter that do just enough. A retry is handed out again when it is due. */
final class StubNeighbours {
    final List<Settlement> settled = new CopyOnWriteArrayList<>();
    final List<QueueControl> controls = new CopyOnWriteArrayList<>();
    final List<Endpoint> saved = new CopyOnWriteArrayList<>();
    final List<NewMessage> appended = new CopyOnWriteArrayList<>();
    final List<Integer> settledAtAppend = new CopyOnWriteArrayList<>();
    volatile int savedAtFirstDisabling = -1;
    volatile PermitGrant grant = new PermitGrant(Integer.MAX_VALUE, null, 1);
    volatile int settleFailures;
    volatile int staleSaves;

    /** A dispatcher that stops waits for the claim that it made last. */
    private static final long CLAIM_WAIT_MILLIS = 50;

    private static final ApplicationId OPERATIONAL =
            ApplicationId.at(Samples.NOW.plusSeconds(60).toEpochMilli());

    private final Vertx vertx;
    private final ArrayDeque<ClaimedDelivery> due = new ArrayDeque<>();
    private final List<ClaimedDelivery> inFlight = new ArrayList<>();
    private Promise<Claimed> claim;
    private volatile Endpoint endpoint;

    private StubNeighbours(Vertx vertx) {
        this.vertx = vertx;
    }

    static Future<StubNeighbours> start(Vertx vertx, Bus bus) {
        StubNeighbours stub = new StubNeighbours(vertx);
        return Future.all(List.of(
                        bus.serve(Addresses.CLAIM, (request, deadline) -> stub.claim()),
                        bus.serve(Addresses.SETTLE, (request, deadline) -> stub.settle(request)),
                        bus.serve(Addresses.CONTROL, (request, deadline) -> {
                            stub.controls.addAll(request.items());
                            return Future.succeededFuture(new Requests.Done());
                        }),
                        bus.serve(
                                Addresses.FIND,
                                (request, deadline) ->
                                        Future.succeededFuture(new StorageQuery.Found(stub.find(request)))),
                        bus.serve(Addresses.APPEND, (request, deadline) -> stub.append(request)),
                        bus.serve(Addresses.SAVE, (request, deadline) -> stub.save(request)),
                        bus.serve(
                                Addresses.PERMITS,
                                (request, deadline) ->
                                        Future.succeededFuture(new Batches.PermitGrants(request.items().stream()
                                                .map(item -> stub.grant)
                                                .toList())))))
                .map(stub);
    }

    synchronized void add(ClaimedDelivery delivery) {
        endpoint = delivery.endpoint();
        due.add(delivery);
        answer();
    }

    private synchronized Future<Claimed> claim() {
        claim = Promise.promise();
        Promise<Claimed> mine = claim;
        vertx.setTimer(CLAIM_WAIT_MILLIS, timer -> mine.tryComplete(new Claimed(List.of())));
        answer();
        return mine.future();
    }

    private synchronized void answer() {
        if (claim != null && !due.isEmpty()) {
            List<ClaimedDelivery> all = List.copyOf(due);
            if (claim.tryComplete(new Claimed(all))) {
                due.clear();
                inFlight.addAll(all);
            }
            claim = null;
        }
    }

    private synchronized Future<Batches.SettleResults> settle(Batches.Settlements request) {
        if (settleFailures > 0) {
            settleFailures--;
            return Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "not now"));
        }
        settled.addAll(request.items());
        for (Settlement settlement : request.items()) {
            if (settlement.verdict() instanceof Settlement.Verdict.Retry retry) {
                ClaimedDelivery old = inFlight.stream()
                        .filter(delivery -> delivery.key().equals(settlement.key()))
                        .findFirst()
                        .orElseThrow();
                ClaimedDelivery next = new ClaimedDelivery(
                        old.key(),
                        old.fence() + 1,
                        old.leaseUntil(),
                        settlement.attempt().number() + 1,
                        old.trigger(),
                        old.message(),
                        old.endpoint());
                long wait =
                        Math.max(1, retry.at().toEpochMilli() - Instant.now().toEpochMilli());
                if (wait < 5000) {
                    vertx.setTimer(wait, timer -> add(next));
                }
            }
        }
        return Future.succeededFuture(new Batches.SettleResults(request.items().stream()
                .map(settlement -> SettleOutcome.SETTLED)
                .toList()));
    }

    /** Every application is there; the operational one is not that of the samples. */
    private Entity find(StorageQuery.Find request) {
        if (!(request instanceof StorageQuery.Find.OneApplication one)) {
            return endpoint;
        }
        ApplicationId id = one.reference().equals(Samples.APP.value()) ? Samples.APP : OPERATIONAL;
        return new Application(id, one.organization(), "uid", "An app", null, Map.of(), Samples.NOW, Samples.NOW, 1);
    }

    private synchronized Future<Batches.AppendResults> append(Batches.Appends request) {
        settledAtAppend.add(settled.size());
        if (request.items().stream().anyMatch(message -> message.eventType().equals("endpoint.disabled"))
                && savedAtFirstDisabling < 0) {
            savedAtFirstDisabling = saved.size();
        }
        List<AppendOutcome> outcomes = new ArrayList<>();
        for (NewMessage message : request.items()) {
            appended.add(message);
            outcomes.add(new AppendOutcome.EventIdTaken(String.valueOf(message.eventId())));
        }
        return Future.succeededFuture(new Batches.AppendResults(outcomes));
    }

    private synchronized Future<SaveOutcome> save(Requests.Save request) {
        if (staleSaves > 0) {
            staleSaves--;
            return Future.succeededFuture(new SaveOutcome.Stale());
        }
        endpoint = (Endpoint) request.entity();
        saved.add(endpoint);
        return Future.succeededFuture(new SaveOutcome.Saved(request.entity()));
    }
}
