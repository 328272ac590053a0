package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Books;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** {@code .../stats}: how an endpoint fares. */
final class EndpointStateRoutes {
    private static final Duration MAX_WINDOW = Duration.ofDays(28).plusMinutes(5);

    private final Catalogue catalogue;
    private final Bus bus;
    private final InstantSource clock;

    EndpointStateRoutes(Catalogue catalogue, Bus bus, InstantSource clock) {
        this.catalogue = catalogue;
        this.bus = bus;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, EndpointRoutes.ONE + "/stats", Access.APPLICATION, this::stats);
    }

    /** Counts the deliveries of the endpoint's whole life; a window is checked for its bounds only. */
    private Future<Reply> stats(Exchange exchange) {
        Query query = exchange.query();
        Instant since = query.time("since");
        Instant until = query.time("until");
        query.end();
        Instant now = clock.instant();
        Instant end = until == null ? now : until;
        if (end.isAfter(now.plus(Duration.ofMinutes(5)))
                || (since != null
                        && (since.isAfter(end) || since.plus(MAX_WINDOW).isBefore(end)))) {
            throw new PosthornException(
                    ErrorCode.INVALID_RANGE, "expected a range of at most 28 days that does not end in the future");
        }
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> bus.request(
                        Addresses.QUEUE,
                        new StorageQuery.QueueOf(endpoint.application(), endpoint.id()),
                        exchange.deadline().forNested()))
                .map(queue -> Reply.of(200, counts(queue.books())));
    }

    private static JsonObject counts(Books books) {
        return new JsonObject()
                .put("success", books.succeeded())
                .put("pending", books.waiting())
                .put("sending", books.inFlight())
                .put("fail", books.failed())
                .put("canceled", books.cancelled());
    }
}
