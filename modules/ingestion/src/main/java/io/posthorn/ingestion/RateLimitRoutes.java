package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RateLimit;
import io.posthorn.contract.Throttle;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code .../rate-limit-status} of endpoints and applications: how far they have used their limits. */
final class RateLimitRoutes {
    private static final String STATUS = "/rate-limit-status";
    private static final double MILLIS = 1000;

    private final Catalogue catalogue;
    private final Bus bus;

    RateLimitRoutes(Catalogue catalogue, Bus bus) {
        this.catalogue = catalogue;
        this.bus = bus;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, EndpointRoutes.ONE + STATUS, Access.APPLICATION, this::ofEndpoint)
                .add(HttpMethod.GET, ApplicationRoutes.ONE + STATUS, Access.APPLICATION, this::ofApplication);
    }

    private Future<Reply> ofEndpoint(Exchange exchange) {
        return catalogue
                .endpoint(exchange)
                .compose(found ->
                        status(new RateLimit.StatusOf(found.application(), found.id(), found.limit()), exchange));
    }

    private Future<Reply> ofApplication(Exchange exchange) {
        return catalogue
                .application(exchange)
                .compose(found -> status(
                        new RateLimit.StatusOf(found.id(), null, Throttle.perSecond(found.throttleRate())), exchange));
    }

    private Future<Reply> status(RateLimit.StatusOf question, Exchange exchange) {
        return bus.request(
                        Addresses.RATE_LIMIT_STATUS,
                        question,
                        exchange.deadline().forNested())
                .map(status -> Reply.of(
                        200,
                        new JsonObject()
                                .put("current_requests", status.currentRequests())
                                .put("max_requests", status.maxRequests())
                                .put("burst", status.burst())
                                .put("window", seconds(status.window()))
                                .put("resets_at", status.resetsAt().toString())
                                .put("exact", status.exact())));
    }

    private static @Nullable Number seconds(@Nullable Duration window) {
        if (window == null) {
            return null;
        }
        if (window.toMillis() % 1000 == 0) {
            return window.toSeconds();
        }
        return window.toMillis() / MILLIS;
    }
}
