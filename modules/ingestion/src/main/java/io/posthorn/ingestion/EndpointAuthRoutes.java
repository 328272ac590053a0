package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** {@code .../authentication}: how deliveries show the receiver of an endpoint who sends them. Secrets go in, never out. */
final class EndpointAuthRoutes {
    private static final String PATH = EndpointRoutes.ONE + "/authentication";

    private final Catalogue catalogue;
    private final InstantSource clock;

    EndpointAuthRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, PATH, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, PATH, Access.APPLICATION, this::put)
                .add(HttpMethod.DELETE, PATH, Access.APPLICATION, this::delete);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(EndpointAuthRoutes::reply);
    }

    /** Replaces it as a whole, secrets included. */
    private Future<Reply> put(Exchange exchange) {
        EndpointAuth wanted = EndpointAuthJson.read(exchange.fields());
        return change(exchange, wanted).map(EndpointAuthRoutes::reply);
    }

    private Future<Reply> delete(Exchange exchange) {
        return change(exchange, null).map(stored -> Reply.noContent());
    }

    private Future<Endpoint> change(Exchange exchange, @Nullable EndpointAuth wanted) {
        return catalogue.change(
                () -> catalogue.endpoint(exchange),
                old -> old.withSending(old.sending().withAuthentication(wanted), clock.instant()),
                Endpoint.class,
                exchange.deadline());
    }

    private static Reply reply(Endpoint endpoint) {
        return Reply.of(200, EndpointAuthJson.write(endpoint.sending().authentication()));
    }
}
