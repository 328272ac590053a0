package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointAuth;
import io.posthorn.contract.Sending;
import io.posthorn.contract.TlsOptions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A part of how an endpoint is sent to, at a path of its own: shown, replaced as a whole, and taken away. */
final class SendingPartRoutes {
    private final String path;
    private final Catalogue catalogue;
    private final InstantSource clock;
    private final Part part;

    /**
     * What is particular to a part.
     *
     * @param reader makes a change of what a body asks for
     * @param absent the change that takes the part away
     */
    private record Part(
            Function<Fields, UnaryOperator<Sending>> reader,
            UnaryOperator<Sending> absent,
            Function<Sending, JsonObject> writer) {}

    private SendingPartRoutes(String name, Catalogue catalogue, InstantSource clock, Part part) {
        this.path = EndpointRoutes.ONE + "/" + name;
        this.catalogue = catalogue;
        this.clock = clock;
        this.part = part;
    }

    /**
     * {@code .../policy}: when an endpoint is tried again, and how much it is sent at a time. What a body does not name is
     * as the node is set.
     *
     * @param byDefault how this node sends to endpoints that do not say so themselves
     */
    static SendingPartRoutes policy(Catalogue catalogue, InstantSource clock, Sending byDefault) {
        return new SendingPartRoutes(
                "policy",
                catalogue,
                clock,
                new Part(
                        EndpointPolicyJson::read,
                        EndpointPolicyJson.NONE,
                        sending -> EndpointPolicyJson.write(sending, byDefault)));
    }

    /**
     * {@code .../authentication}: how deliveries show the receiver of an endpoint who sends them. Secrets go in, never out,
     * and are replaced with the rest.
     */
    static SendingPartRoutes authentication(Catalogue catalogue, InstantSource clock) {
        return new SendingPartRoutes(
                "authentication",
                catalogue,
                clock,
                new Part(
                        fields -> {
                            EndpointAuth wanted = EndpointAuthJson.read(fields);
                            return sending -> sending.withAuthentication(wanted);
                        },
                        sending -> sending.withAuthentication(null),
                        sending -> EndpointAuthJson.write(sending.authentication())));
    }

    /** {@code .../tls}: how connections to an endpoint are secured. What a body does not name is as usual. */
    static SendingPartRoutes tls(Catalogue catalogue, InstantSource clock) {
        return new SendingPartRoutes(
                "tls",
                catalogue,
                clock,
                new Part(
                        fields -> {
                            @Nullable TlsOptions wanted = EndpointTlsJson.read(fields, clock.instant());
                            return sending -> sending.withTls(wanted);
                        },
                        sending -> sending.withTls(null),
                        sending -> EndpointTlsJson.write(sending.tls())));
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, path, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, path, Access.APPLICATION, this::put)
                .add(HttpMethod.DELETE, path, Access.APPLICATION, this::delete);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(this::reply);
    }

    private Future<Reply> put(Exchange exchange) {
        UnaryOperator<Sending> wanted = part.reader().apply(exchange.fields());
        return change(exchange, wanted).map(this::reply);
    }

    private Future<Reply> delete(Exchange exchange) {
        return change(exchange, part.absent()).map(stored -> Reply.noContent());
    }

    private Future<Endpoint> change(Exchange exchange, UnaryOperator<Sending> edit) {
        return catalogue.change(
                () -> catalogue.endpoint(exchange),
                old -> old.withSending(edit.apply(old.sending()), clock.instant()),
                Endpoint.class,
                exchange.deadline());
    }

    private Reply reply(Endpoint endpoint) {
        return Reply.of(200, part.writer().apply(endpoint.sending()));
    }
}
