package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.Sending;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** {@code .../policy}: when an endpoint is tried again, and how much it is sent at a time. */
final class EndpointPolicyRoutes {
    private static final String PATH = EndpointRoutes.ONE + "/policy";

    private final Catalogue catalogue;
    private final InstantSource clock;
    private final Sending byDefault;

    /** @param byDefault how this node sends to endpoints that do not say so themselves */
    EndpointPolicyRoutes(Catalogue catalogue, InstantSource clock, Sending byDefault) {
        this.catalogue = catalogue;
        this.clock = clock;
        this.byDefault = byDefault;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, PATH, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, PATH, Access.APPLICATION, this::put)
                .add(HttpMethod.DELETE, PATH, Access.APPLICATION, this::delete);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(this::reply);
    }

    /** Replaces the whole policy: what the body does not name is as the node is set. */
    private Future<Reply> put(Exchange exchange) {
        UnaryOperator<Sending> wanted = EndpointPolicyJson.read(exchange.fields());
        return change(exchange, wanted).map(this::reply);
    }

    private Future<Reply> delete(Exchange exchange) {
        return change(exchange, EndpointPolicyJson.NONE).map(stored -> Reply.noContent());
    }

    private Future<Endpoint> change(Exchange exchange, UnaryOperator<Sending> edit) {
        return catalogue.change(
                () -> catalogue.endpoint(exchange),
                old -> old.withSending(edit.apply(old.sending()), clock.instant()),
                Endpoint.class,
                exchange.deadline());
    }

    private Reply reply(Endpoint endpoint) {
        return Reply.of(200, EndpointPolicyJson.write(endpoint.sending(), byDefault));
    }
}
