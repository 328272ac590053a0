package io.posthorn.storage;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Served;
import io.posthorn.bus.Service;
import io.posthorn.contract.Address;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Requests;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.StorageQuery;
import io.posthorn.storage.api.StorageEngine;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The engine's operations at their addresses. */
final class StorageServices {
    static final String ROLE = "storage";

    private static final Requests.Done DONE = new Requests.Done();

    private final StorageEngine engine;
    private final EngineCalls calls;
    private final WaitingClaims claims;
    private final AppendPace pace;
    private final Audits audits;
    private final Bus bus;
    private final List<Future<Served>> served = new ArrayList<>();

    StorageServices(
            StorageEngine engine, EngineCalls calls, WaitingClaims claims, AppendPace pace, Audits audits, Bus bus) {
        this.engine = engine;
        this.calls = calls;
        this.claims = claims;
        this.pace = pace;
        this.audits = audits;
        this.bus = bus;
    }

    /** Completes when every address is reachable. */
    Future<?> serve() {
        serve(Addresses.CONTROL, batch -> engine.control(batch.items()).map(DONE));
        serve(
                Addresses.RELEASE_LEASES,
                request -> engine.releaseLeases(request.node()).map(DONE));
        serve(
                Addresses.STORE,
                ask -> engine.identity().map(found -> new StorageQuery.Store(found.id(), engine.name())));
        serve(Addresses.TAKE_PERMITS, batch -> engine.takePermits(batch.items()).map(Batches.PermitGrants::new));
        serve(Addresses.PERMITS_USED, engine::permitsUsed);
        serve(Addresses.SAVE, engine::save);
        serve(Addresses.REMOVE, removal -> engine.remove(removal).map(DONE));
        serve(Addresses.RESEND, request -> engine.resend(request.key()).map(DONE));
        serve(Addresses.EXPUNGE_MESSAGE, request -> engine.expunge(request).map(DONE));
        serve(Addresses.EXPUNGE_ATTEMPT, request -> engine.expunge(request).map(DONE));
        serve(Addresses.FIND, engine::find);
        serve(Addresses.LIST, engine::list);
        serve(Addresses.MESSAGE, engine::message);
        serve(Addresses.MESSAGE_LIST, engine::messages);
        serve(Addresses.MESSAGE_DELIVERIES, engine::deliveries);
        serve(Addresses.ENDPOINT_DELIVERIES, engine::deliveries);
        serve(Addresses.ATTEMPTS, engine::attempts);
        serve(Addresses.ATTEMPT, engine::attempt);
        serve(Addresses.QUEUE, engine::queue);
        serve(Addresses.EXPLAIN, engine::explain);
        serve(Addresses.START_TASK, engine::start);
        serve(Addresses.TASK, engine::task);
        serve(Addresses.TASK_LIST, engine::tasks);
        serve(Addresses.BACKLOG, engine::backlog);
        serve(Addresses.APPLICATION_BACKLOG, engine::backlog);
        serve(
                Addresses.healthOf(ROLE),
                ask -> Future.succeededFuture(new RoleHealth(ROLE, List.of(engine.health(), pace.health()))));
        serveDeliveries();
        serveAudits();
        return Future.all(served);
    }

    /** Takes no more requests. */
    Future<?> stop() {
        return Future.join(
                served.stream().map(address -> address.compose(Served::stop)).toList());
    }

    private void serveDeliveries() {
        served.add(bus.serve(
                Addresses.APPEND,
                (batch, deadline) -> pace.append(batch.items(), deadline).map(Batches.AppendResults::new)));
        served.add(bus.serve(Addresses.CLAIM, claims::claim));
        served.add(bus.serve(
                Addresses.SETTLE,
                (batch, deadline) -> calls.on(engine.settle(batch.items()))
                        .onSuccess(stored -> pace.settled(batch.items()))
                        .map(Batches.SettleResults::new)));
    }

    private void serveAudits() {
        served.add(
                bus.serve(Addresses.AUDIT_START, (request, deadline) -> Future.succeededFuture(audits.start(request))));
        served.add(bus.serve(Addresses.AUDIT, (ask, deadline) -> Future.succeededFuture(audits.progress())));
    }

    private <Q, R> void serve(Address<Q, R> address, Function<Q, Future<R>> operation) {
        Service<Q, R> service = (request, deadline) -> calls.on(operation.apply(request));
        served.add(bus.serve(address, service));
    }
}
