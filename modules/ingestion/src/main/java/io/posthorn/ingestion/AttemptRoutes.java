package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attempts of messages and endpoints: {@code /app/{app_id}/attempt/...} and {@code .../msg/{msg_id}/attempt}. */
final class AttemptRoutes {
    private static final String OF_MESSAGE = "/app/:app_id/msg/:msg_id";
    private static final String ONE = OF_MESSAGE + "/attempt/:attempt_id";

    private final Catalogue catalogue;
    private final Bus bus;

    AttemptRoutes(Catalogue catalogue, Bus bus) {
        this.catalogue = catalogue;
        this.bus = bus;
    }

    /** What a list of attempts is narrowed to. */
    private record Filter(
            @Nullable DeliveryStatus status,
            @Nullable Integer statusClass,
            @Nullable Instant after,
            @Nullable Instant before,
            @Nullable Set<String> eventTypes,
            @Nullable String channel,
            boolean withContent,
            PageRequest page) {
        static Filter of(Exchange exchange) {
            Query query = exchange.query();
            Filter filter = new Filter(
                    DeliveryStatus.asked(query),
                    statusClass(query),
                    query.time("after"),
                    query.time("before"),
                    query.texts("event_types"),
                    query.text("channel"),
                    query.flag("with_content", true),
                    query.page(false, false, AttemptId::isValid));
            query.end();
            return filter;
        }

        private static @Nullable Integer statusClass(Query query) {
            Integer value = query.integer("status_code_class");
            if (value != null && (value % 100 != 0 || value < 0 || value > 500)) {
                query.problem("expected 0, 100, 200, 300, 400 or 500", "status_code_class");
                return null;
            }
            return value;
        }

        /** Whether no attempt can match: an attempt has succeeded or failed. */
        boolean matchesNothing() {
            return status == DeliveryStatus.PENDING || status == DeliveryStatus.SENDING;
        }

        boolean matches(Message message) {
            return (eventTypes == null || eventTypes.contains(message.eventType()))
                    && (channel == null || message.channels().contains(channel));
        }

        boolean looksAtMessages() {
            return eventTypes != null || channel != null;
        }

        StorageQuery.Attempts query(
                ApplicationId application, @Nullable MessageId message, @Nullable EndpointId endpoint) {
            Boolean succeeded = status == null ? null : status == DeliveryStatus.SUCCESS;
            return new StorageQuery.Attempts(
                    application, message, endpoint, succeeded, statusClass, after, before, page);
        }
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, "/app/:app_id/attempt/endpoint/:endpoint_id", Access.APPLICATION, this::ofEndpoint)
                .add(HttpMethod.GET, "/app/:app_id/attempt/msg/:msg_id", Access.APPLICATION, this::ofMessage)
                .add(HttpMethod.GET, OF_MESSAGE + "/attempt", Access.APPLICATION, this::ofMessage)
                .add(
                        HttpMethod.GET,
                        OF_MESSAGE + "/endpoint/:endpoint_id/attempt",
                        Access.APPLICATION,
                        this::ofMessageAndEndpoint)
                .add(HttpMethod.GET, ONE, Access.APPLICATION, this::get)
                .add(HttpMethod.DELETE, ONE + "/content", Access.APPLICATION, this::expunge);
    }

    private Future<Reply> ofEndpoint(Exchange exchange) {
        Filter filter = Filter.of(exchange);
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> list(exchange, filter, endpoint.application(), null, endpoint.id()));
    }

    private Future<Reply> ofMessage(Exchange exchange) {
        Filter filter = Filter.of(exchange);
        String endpoint = exchange.query().text("endpoint_id");
        return message(exchange)
                .compose(message -> endpointId(exchange, message.application(), endpoint)
                        .compose(id -> list(exchange, filter, message.application(), message.id(), id.orElse(null))));
    }

    private Future<Reply> ofMessageAndEndpoint(Exchange exchange) {
        Filter filter = Filter.of(exchange);
        String endpoint = exchange.pathParameter("endpoint_id");
        return message(exchange)
                .compose(message -> endpointId(exchange, message.application(), endpoint)
                        .compose(id -> list(exchange, filter, message.application(), message.id(), id.orElse(null))));
    }

    /** An id is taken as it is, so that the attempts of a deleted endpoint can still be read. */
    private Future<Optional<EndpointId>> endpointId(
            Exchange exchange, ApplicationId application, @Nullable String reference) {
        if (reference == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return EndpointId.isValid(reference)
                ? Future.succeededFuture(Optional.of(new EndpointId(reference)))
                : catalogue
                        .endpoint(application, reference, exchange.deadline())
                        .map(endpoint -> Optional.of(endpoint.id()));
    }

    private Future<Reply> list(
            Exchange exchange,
            Filter filter,
            ApplicationId application,
            @Nullable MessageId message,
            @Nullable EndpointId endpoint) {
        if (filter.matchesNothing()) {
            return Future.succeededFuture(reply(List.of(), new StorageQuery.AttemptPage(List.of(), true), filter));
        }
        return bus.request(
                        Addresses.ATTEMPTS,
                        filter.query(application, message, endpoint),
                        exchange.deadline().forNested())
                .compose(page -> matching(exchange, filter, page.items()).map(items -> reply(items, page, filter)));
    }

    /**
     * The attempts whose messages match. Storage has no index for that, so a page may come out shorter than its limit;
     * it goes on behind the last attempt that was looked at.
     */
    private Future<List<Attempt>> matching(Exchange exchange, Filter filter, List<Attempt> attempts) {
        if (!filter.looksAtMessages()) {
            return Future.succeededFuture(attempts);
        }
        MessageLookup lookup = new MessageLookup(bus, exchange.deadline());
        return lookup.all(attempts.stream().map(Attempt::delivery).toList(), false)
                .map(messages -> attempts.stream()
                        .filter(attempt -> {
                            Message message = messages.get(attempt.delivery().message());
                            return message != null && filter.matches(message);
                        })
                        .toList());
    }

    private static Reply reply(List<Attempt> items, StorageQuery.AttemptPage page, Filter filter) {
        JsonArray data = new JsonArray();
        items.forEach(attempt -> data.add(AttemptJson.write(attempt, filter.withContent())));
        List<Attempt> seen = page.items();
        String first = seen.isEmpty() ? null : seen.get(0).id().value();
        String last = seen.isEmpty() ? null : seen.get(seen.size() - 1).id().value();
        return Reply.of(200, Paging.end(data, first, last, page.done()));
    }

    private Future<Reply> get(Exchange exchange) {
        Query query = exchange.query();
        boolean withContent = query.flag("with_content", true);
        query.end();
        return attempt(exchange).map(found -> Reply.of(200, AttemptJson.write(found, withContent)));
    }

    private Future<Reply> expunge(Exchange exchange) {
        return attempt(exchange)
                .compose(found -> bus.request(
                        Addresses.EXPUNGE_ATTEMPT,
                        new Requests.ExpungeAttempt(
                                found.delivery().application(), found.delivery().message(), found.id()),
                        exchange.deadline().forNested()))
                .map(done -> Reply.noContent());
    }

    private Future<Attempt> attempt(Exchange exchange) {
        String id = exchange.pathParameter("attempt_id");
        if (!AttemptId.isValid(id)) {
            return Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found"));
        }
        return message(exchange)
                .compose(message -> bus.request(
                        Addresses.ATTEMPT,
                        new StorageQuery.OneAttempt(message.application(), message.id(), new AttemptId(id)),
                        exchange.deadline().forNested()));
    }

    private Future<Message> message(Exchange exchange) {
        return catalogue
                .application(exchange)
                .compose(application -> bus.request(
                        Addresses.MESSAGE,
                        new StorageQuery.OneMessage(application.id(), exchange.pathParameter("msg_id"), false),
                        exchange.deadline().forNested()));
    }
}
