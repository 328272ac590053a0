package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** {@code .../tls}: how connections to an endpoint are secured. */
final class EndpointTlsRoutes {
    private static final String PATH = EndpointRoutes.ONE + "/tls";

    private final Catalogue catalogue;
    private final InstantSource clock;

    EndpointTlsRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, PATH, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, PATH, Access.APPLICATION, this::put)
                .add(HttpMethod.DELETE, PATH, Access.APPLICATION, this::delete);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(EndpointTlsRoutes::reply);
    }

    /** Replaces all of it: what the body does not name is as usual. */
    private Future<Reply> put(Exchange exchange) {
        @Nullable TlsOptions wanted = EndpointTlsJson.read(exchange.fields(), clock.instant());
        return change(exchange, wanted).map(EndpointTlsRoutes::reply);
    }

    private Future<Reply> delete(Exchange exchange) {
        return change(exchange, null).map(stored -> Reply.noContent());
    }

    private Future<Endpoint> change(Exchange exchange, @Nullable TlsOptions wanted) {
        return catalogue.change(
                () -> catalogue.endpoint(exchange),
                old -> old.withSending(old.sending().withTls(wanted), clock.instant()),
                Endpoint.class,
                exchange.deadline());
    }

    private static Reply reply(Endpoint endpoint) {
        return Reply.of(200, EndpointTlsJson.write(endpoint.sending().tls()));
    }
}
