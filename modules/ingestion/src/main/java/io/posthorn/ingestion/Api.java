package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import java.time.InstantSource;

/** Puts the whole API together: the one list of its resources. */
record Api(
        IngestionSettings settings, Bus bus, InstantSource clock, Catalogue catalogue, MessageAcceptance acceptance) {

    /** All operations; the busiest first, since routes are tried in order. */
    RouteTable routes() {
        RouteTable table = new RouteTable();
        new MessageRoutes(catalogue, acceptance, bus).addTo(table);
        new ApplicationRoutes(catalogue, clock).addTo(table);
        new EndpointRoutes(catalogue, clock).addTo(table);
        new EndpointKeyRoutes(catalogue, clock).addTo(table);
        new EndpointHeaderRoutes(catalogue, clock).addTo(table);
        SendingPartRoutes.policy(catalogue, clock, settings.sending()).addTo(table);
        SendingPartRoutes.authentication(catalogue, clock).addTo(table);
        SendingPartRoutes.tls(catalogue, clock).addTo(table);
        new EndpointStateRoutes(catalogue, bus, clock).addTo(table);
        new EndpointCircuitRoutes(catalogue, bus, clock).addTo(table);
        new RateLimitRoutes(catalogue, bus).addTo(table);
        new ExampleRoutes(catalogue, acceptance, clock, settings.retention()).addTo(table);
        new EventTypeRoutes(catalogue, clock).addTo(table);
        new AttemptRoutes(catalogue, bus).addTo(table);
        new DeliveryRoutes(catalogue, bus).addTo(table);
        new ExplainRoutes(catalogue, bus, settings.retryPolicy()).addTo(table);
        new TaskRoutes(catalogue, bus, clock).addTo(table);
        new AuditRoutes(bus).addTo(table);
        new ClusterRoutes(bus).addTo(table);
        new AuthRoutes(catalogue, settings.config().jwtSecret(), clock).addTo(table);
        new HealthRoutes(bus).addTo(table);
        new OpenApiRoute().addTo(table);
        return table;
    }
}
