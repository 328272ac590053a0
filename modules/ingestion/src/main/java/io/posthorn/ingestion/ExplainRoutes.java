package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code .../explain}: what one delivery waits for and what becomes of it, or why it ended; {@code .../backlog}: what of an
 * application waits, and why.
 */
final class ExplainRoutes {
    private static final String EXPLAIN = "/app/:app_id/msg/:msg_id/endpoint/:endpoint_id/explain";
    private static final PageRequest LAST_ATTEMPTS = new PageRequest(10, null, false, false);

    private final Catalogue catalogue;
    private final Bus bus;
    private final RetryPolicy byDefault;

    /** @param byDefault the retry policy of endpoints that have none of their own */
    ExplainRoutes(Catalogue catalogue, Bus bus, RetryPolicy byDefault) {
        this.catalogue = catalogue;
        this.bus = bus;
        this.byDefault = byDefault;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, EXPLAIN, Access.APPLICATION, this::explain)
                .add(HttpMethod.GET, "/app/:app_id/backlog", Access.APPLICATION, this::backlog);
    }

    private Future<Reply> backlog(Exchange exchange) {
        return catalogue
                .application(exchange)
                .compose(application -> bus.request(
                        Addresses.APPLICATION_BACKLOG,
                        new Backlog.AskApplication(application.id()),
                        exchange.deadline().forNested()))
                .map(backlog -> Reply.of(200, ExplanationJson.write(backlog)));
    }

    private Future<Reply> explain(Exchange exchange) {
        return catalogue
                .application(exchange)
                .compose(application -> bus.request(
                        Addresses.MESSAGE,
                        new StorageQuery.OneMessage(application.id(), exchange.pathParameter("msg_id"), false),
                        exchange.deadline().forNested()))
                .compose(message ->
                        endpoint(exchange, message).compose(endpoint -> explain(exchange, message, endpoint)))
                .map(explanation -> Reply.of(200, ExplanationJson.write(explanation)));
    }

    /** Deliveries of a deleted endpoint are explained too; it is named by its id then. */
    private Future<Optional<Endpoint>> endpoint(Exchange exchange, Message message) {
        String reference = exchange.pathParameter("endpoint_id");
        return catalogue
                .endpoint(message.application(), reference, exchange.deadline())
                .map(Optional::of)
                .recover(failure -> Catalogue.isNotFound(failure) && EndpointId.isValid(reference)
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private Future<Explanation> explain(Exchange exchange, Message message, Optional<Endpoint> endpoint) {
        EndpointId id =
                endpoint.map(Endpoint::id).orElseGet(() -> new EndpointId(exchange.pathParameter("endpoint_id")));
        Future<DeliveryFacts> facts = bus.request(
                Addresses.EXPLAIN,
                new DeliveryKey(message.application(), id, message.id()),
                exchange.deadline().forNested());
        return facts.compose(known -> bus.request(
                        Addresses.ATTEMPTS,
                        new StorageQuery.Attempts(
                                message.application(), message.id(), id, null, null, null, null, LAST_ATTEMPTS),
                        exchange.deadline().forNested())
                .map(page -> explanation(known, endpoint.orElse(null), page.items())));
    }

    private Explanation explanation(DeliveryFacts facts, @Nullable Endpoint endpoint, List<Attempt> attempts) {
        RetryPolicy own = endpoint == null ? null : endpoint.sending().retryPolicy();
        // One that ended after the delivery was looked at is not of that moment.
        List<Attempt> ofThen = attempts.stream()
                .filter(attempt -> attempt.number() <= facts.delivery().attempts())
                .toList();
        return new Explanation(facts, endpoint, own == null ? byDefault : own, ofThen);
    }
}
