package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** {@code /health} of the API, in the shape that its clients know. */
final class HealthRoutes {
    private final Bus bus;

    HealthRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(RouteTable table) {
        for (HttpMethod method : new HttpMethod[] {HttpMethod.GET, HttpMethod.HEAD}) {
            table.add(method, "/health", Access.OPEN, this::health)
                    .add(method, "/health/ping", Access.OPEN, exchange -> Future.succeededFuture(Reply.noContent()));
        }
    }

    private Future<Reply> health(Exchange exchange) {
        return bus.request(
                        Addresses.healthOf("storage"),
                        new RoleHealth.Ask(),
                        exchange.deadline().forNested())
                .map(health -> health.status() != RoleHealth.Status.UNHEALTHY)
                .otherwise(false)
                .map(well -> {
                    JsonObject part = new JsonObject().put("status", well ? "ok" : "error");
                    JsonObject body = new JsonObject()
                            .put("database", part)
                            .put("queue", part.copy())
                            .put("cache", part.copy());
                    return Reply.of(well ? 200 : 503, body);
                });
    }
}
