package io.posthorn.ingestion;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Removal;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /app/{app_id}/endpoint}: the endpoints of an application. */
final class EndpointRoutes {
    static final String ALL = "/app/:app_id/endpoint";
    static final String ONE = ALL + "/:endpoint_id";

    private final Catalogue catalogue;
    private final EventTypeNames eventTypes;
    private final InstantSource clock;

    EndpointRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.eventTypes = new EventTypeNames(catalogue);
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, ALL, Access.APPLICATION, this::list)
                .add(HttpMethod.POST, ALL, Access.APPLICATION, this::create)
                .add(HttpMethod.GET, ONE, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, ONE, Access.APPLICATION, this::put)
                .add(HttpMethod.PATCH, ONE, Access.APPLICATION, this::patch)
                .add(HttpMethod.DELETE, ONE, Access.APPLICATION, this::delete);
    }

    private Future<Reply> list(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(false, true, EndpointId::isValid);
        query.end();
        return catalogue
                .application(exchange)
                .compose(application -> catalogue.list(
                        new StorageQuery.ListEntities.Endpoints(application.id(), page), exchange.deadline()))
                .map(found -> Paging.reply(
                        found.items().stream().map(Endpoint.class::cast).toList(),
                        found.done(),
                        endpoint -> endpoint.id().value(),
                        EndpointJson::write));
    }

    private Future<Reply> create(Exchange exchange) {
        Fields fields = exchange.fields();
        return catalogue
                .application(exchange)
                .compose(application -> eventTypes.known(
                        exchange, EndpointJson.create(fields, application.id(), null, clock.instant()), null))
                .compose(wanted ->
                        catalogue.create(wanted, Endpoint.class, exchange.idempotencyKey(), exchange.deadline()))
                .map(stored -> reply(201, stored));
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(found -> reply(200, found));
    }

    private Future<Reply> put(Exchange exchange) {
        Fields fields = exchange.fields();
        String reference = exchange.pathParameter("endpoint_id");
        return catalogue
                .application(exchange)
                .compose(application -> change(
                                exchange,
                                () -> catalogue.endpoint(application.id(), reference, exchange.deadline()),
                                old -> EndpointJson.replace(
                                        fields, old, reference.equals(old.uid()) ? reference : null, clock.instant()))
                        .map(stored -> reply(200, stored))
                        .recover(failure -> Catalogue.isNotFound(failure)
                                ? createAt(exchange, fields, application.id(), reference)
                                : Future.failedFuture(failure)));
    }

    private Future<Reply> createAt(Exchange exchange, Fields fields, ApplicationId application, String reference) {
        @Nullable String uid = reference.startsWith(EndpointId.PREFIX) ? null : reference;
        Endpoint wanted = EndpointJson.create(fields, application, uid, clock.instant());
        return eventTypes
                .known(exchange, wanted, null)
                .compose(known -> catalogue.create(known, Endpoint.class, null, exchange.deadline()))
                .map(stored -> reply(201, stored));
    }

    private Future<Reply> patch(Exchange exchange) {
        Fields fields = exchange.fields();
        return change(
                        exchange,
                        () -> catalogue.endpoint(exchange),
                        old -> EndpointJson.patch(fields, old, clock.instant()))
                .map(stored -> reply(200, stored));
    }

    private Future<Endpoint> change(Exchange exchange, Supplier<Future<Endpoint>> read, UnaryOperator<Endpoint> edit) {
        return read.get()
                .compose(old -> eventTypes.known(exchange, edit.apply(old), old))
                .compose(known -> catalogue.change(read, edit, Endpoint.class, exchange.deadline()));
    }

    private Future<Reply> delete(Exchange exchange) {
        return catalogue
                .endpoint(exchange)
                .compose(found ->
                        catalogue.remove(new Removal.OfEndpoint(found.application(), found.id()), exchange.deadline()))
                .map(done -> Reply.noContent());
    }

    private static Reply reply(int status, Endpoint endpoint) {
        return Reply.of(status, EndpointJson.write(endpoint));
    }
}
