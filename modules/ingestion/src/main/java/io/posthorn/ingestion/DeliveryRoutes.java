package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Requests;
import io.posthorn.contract.Sending;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deliveries: the endpoints of a message, the messages of an endpoint, and sending one again. */
final class DeliveryRoutes {
    private static final String OF_MESSAGE = "/app/:app_id/msg/:msg_id/endpoint";
    private static final Instant UNKNOWN_TIME = Instant.EPOCH;

    private final Catalogue catalogue;
    private final Bus bus;

    DeliveryRoutes(Catalogue catalogue, Bus bus) {
        this.catalogue = catalogue;
        this.bus = bus;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, OF_MESSAGE, Access.APPLICATION, this::endpointsOfMessage)
                .add(HttpMethod.POST, OF_MESSAGE + "/:endpoint_id/resend", Access.APPLICATION, this::resend)
                .add(HttpMethod.GET, EndpointRoutes.ONE + "/msg", Access.APPLICATION, this::messagesOfEndpoint);
    }

    private Future<Reply> endpointsOfMessage(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(true, false, EndpointId::isValid);
        query.end();
        return message(exchange)
                .compose(message -> bus.request(
                        Addresses.MESSAGE_DELIVERIES,
                        new StorageQuery.DeliveriesOfMessage(message.application(), message.id(), page),
                        exchange.deadline().forNested()))
                .compose(found -> {
                    List<Future<JsonObject>> items = new ArrayList<>();
                    found.items().forEach(delivery -> items.add(withEndpoint(exchange, delivery)));
                    return Future.all(items).map(all -> {
                        JsonArray data = new JsonArray();
                        items.forEach(item -> data.add(item.result()));
                        String first = place(found.items(), 0, false);
                        String last = place(found.items(), found.items().size() - 1, false);
                        return Reply.of(200, Paging.end(data, first, last, found.done()));
                    });
                });
    }

    private Future<JsonObject> withEndpoint(Exchange exchange, Delivery delivery) {
        DeliveryKey key = delivery.key();
        return catalogue
                .endpoint(key.application(), key.endpoint().value(), exchange.deadline())
                .map(EndpointJson::write)
                .recover(failure ->
                        Catalogue.isNotFound(failure) ? deletedEndpoint(exchange, key) : Future.failedFuture(failure))
                .map(json -> json.mergeIn(DeliveryStatus.write(delivery)));
    }

    /** A deleted endpoint as far as its last attempt remembers it. */
    private Future<JsonObject> deletedEndpoint(Exchange exchange, DeliveryKey key) {
        StorageQuery.Attempts query = new StorageQuery.Attempts(
                key.application(),
                key.message(),
                key.endpoint(),
                null,
                null,
                null,
                null,
                new PageRequest(1, null, false, false));
        return bus.request(Addresses.ATTEMPTS, query, exchange.deadline().forNested())
                .map(page -> page.items().stream().findFirst().map(Attempt::url).orElse(""))
                .map(url -> EndpointJson.write(new Endpoint(
                                key.endpoint(),
                                key.application(),
                                null,
                                url,
                                "",
                                null,
                                true,
                                null,
                                null,
                                Map.of(),
                                Map.of(),
                                List.of(),
                                Sending.AS_CONFIGURED,
                                null,
                                UNKNOWN_TIME,
                                UNKNOWN_TIME,
                                0))
                        .put("deleted", true));
    }

    private Future<Reply> messagesOfEndpoint(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(false, false, MessageId::isValid);
        DeliveryStatus status = DeliveryStatus.asked(query);
        Set<String> eventTypes = query.texts("event_types");
        @Nullable String channel = query.text("channel");
        @Nullable Instant after = query.time("after");
        @Nullable Instant before = query.time("before");
        boolean withContent = query.flag("with_content", true);
        query.end();
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> bus.request(
                        Addresses.ENDPOINT_DELIVERIES,
                        new StorageQuery.DeliveriesOfEndpoint(
                                endpoint.application(),
                                endpoint.id(),
                                status == null ? null : status.state(),
                                after,
                                before,
                                page),
                        exchange.deadline().forNested()))
                .compose(found -> new MessageLookup(bus, exchange.deadline())
                        .all(found.items().stream().map(Delivery::key).toList(), withContent)
                        .map(messages -> {
                            messages.values()
                                    .removeIf(message -> (eventTypes != null
                                                    && !eventTypes.contains(message.eventType()))
                                            || (channel != null
                                                    && !message.channels().contains(channel)));
                            return Reply.of(200, write(found, messages, withContent));
                        }));
    }

    private static Buffer write(StorageQuery.DeliveryPage page, Map<MessageId, Message> messages, boolean withContent) {
        MessagePageWriter writer = new MessagePageWriter();
        for (Delivery delivery : page.items()) {
            Message message = messages.get(delivery.key().message());
            if (message != null) {
                String members = DeliveryStatus.write(delivery).encode();
                writer.add(message, withContent, members.substring(1, members.length() - 1));
            }
        }
        return writer.end(
                place(page.items(), 0, true), place(page.items(), page.items().size() - 1, true), page.done());
    }

    private static @Nullable String place(List<Delivery> items, int index, boolean byMessage) {
        if (items.isEmpty()) {
            return null;
        }
        DeliveryKey key = items.get(index).key();
        return byMessage ? key.message().value() : key.endpoint().value();
    }

    private Future<Reply> resend(Exchange exchange) {
        return message(exchange)
                .compose(message -> enabledEndpoint(exchange, message.application())
                        .compose(endpoint -> bus.request(
                                Addresses.RESEND,
                                new Requests.Resend(
                                        new DeliveryKey(message.application(), endpoint.id(), message.id())),
                                exchange.deadline().forNested())))
                .map(done -> Reply.of(202, new JsonObject()));
    }

    private Future<Endpoint> enabledEndpoint(Exchange exchange, ApplicationId application) {
        return catalogue
                .endpoint(application, exchange.pathParameter("endpoint_id"), exchange.deadline())
                .compose(endpoint -> endpoint.disabled()
                        ? Future.failedFuture(new PosthornException(
                                ErrorCode.GENERIC, "the endpoint is disabled; enable it before sending to it"))
                        : Future.succeededFuture(endpoint));
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
