package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Application;
import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.CheckOutcome;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.Message;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST .../msg?dryRun=true}: checks a message as if it were to be accepted and says which endpoints would get it,
 * and why the others would not. It asks only; nothing is stored.
 */
final class DryRun {
    private final Catalogue catalogue;
    private final MessageAcceptance acceptance;
    private final Bus bus;

    DryRun(Catalogue catalogue, MessageAcceptance acceptance, Bus bus) {
        this.catalogue = catalogue;
        this.acceptance = acceptance;
        this.bus = bus;
    }

    /**
     * Fails as the request itself would: with {@link InvalidRequest}, NOT_FOUND, or CONFLICT where the eventId is taken.
     *
     * @param page which of the application's endpoints to tell of
     */
    Future<Reply> answer(Exchange exchange, PageRequest page) {
        return acceptance
                .check(exchange.requireCaller().organization(), exchange.body(), exchange.deadline())
                .compose(checked -> application(exchange, checked)
                        .compose(found -> found == null
                                ? Future.succeededFuture(
                                        reply(checked, null, new StorageQuery.EntityPage(List.of(), true)))
                                : requireNew(exchange, found.id(), checked.eventId())
                                        .compose(free -> catalogue.list(
                                                new StorageQuery.ListEntities.Endpoints(found.id(), page),
                                                exchange.deadline()))
                                        .map(endpoints -> reply(checked, found, endpoints))));
    }

    /** The application that is there, or null when the message would make it. */
    private Future<@Nullable Application> application(Exchange exchange, CheckOutcome.Checked checked) {
        String inline = checked.application();
        return catalogue
                .application(exchange)
                .<@Nullable Application>map(found -> found)
                .recover(failure -> {
                    if (inline == null || !Catalogue.isNotFound(failure)) {
                        return Future.failedFuture(failure);
                    }
                    Application wanted = acceptance.inlineApplication(
                            exchange.requireCaller().organization(), exchange.pathParameter("app_id"), inline);
                    return catalogue.check(wanted, exchange.deadline()).map(fine -> null);
                });
    }

    private Future<Void> requireNew(Exchange exchange, ApplicationId application, @Nullable String eventId) {
        if (eventId == null) {
            return Future.succeededFuture();
        }
        return bus.request(
                        Addresses.MESSAGE,
                        new StorageQuery.OneMessage(application, eventId, false),
                        exchange.deadline().forNested())
                .<Void>compose((Message found) -> Future.failedFuture(taken(eventId)))
                .recover(failure ->
                        Catalogue.isNotFound(failure) ? Future.succeededFuture() : Future.failedFuture(failure));
    }

    private static PosthornException taken(String eventId) {
        return new PosthornException(ErrorCode.CONFLICT, "the application has a message with the eventId " + eventId);
    }

    private static Reply reply(
            CheckOutcome.Checked checked, @Nullable Application application, StorageQuery.EntityPage endpoints) {
        JsonArray told = new JsonArray();
        String last = null;
        for (var entity : endpoints.items()) {
            Endpoint endpoint = (Endpoint) entity;
            told.add(told(endpoint, endpoint.refusals(checked.eventType(), checked.channels())));
            last = endpoint.id().value();
        }
        return Reply.storedNothing(new JsonObject()
                .put("dryRun", true)
                .put(
                        "applicationId",
                        application == null ? null : application.id().value())
                .put("message", message(checked))
                .put("endpoints", told)
                .put("iterator", last)
                .put("done", endpoints.done()));
    }

    private static JsonObject message(CheckOutcome.Checked checked) {
        Set<String> channels = new TreeSet<>(checked.channels());
        return new JsonObject()
                .put("eventType", checked.eventType())
                .put("eventId", checked.eventId())
                .put(
                        "channels",
                        channels.isEmpty()
                                ? null
                                : channels.stream().collect(JsonArray::new, JsonArray::add, JsonArray::addAll))
                .put("payloadBytes", checked.payload().length())
                .put("payloadRetentionPeriod", checked.retention().toDays());
    }

    private static JsonObject told(Endpoint endpoint, Set<Endpoint.Refusal> refusals) {
        return new JsonObject()
                .put("id", endpoint.id().value())
                .put("uid", endpoint.uid())
                .put("url", endpoint.url())
                .put("wouldReceive", refusals.isEmpty())
                .put(
                        "reasons",
                        new JsonArray(refusals.stream().map(DryRun::reason).collect(Collectors.toList())));
    }

    private static String reason(Endpoint.Refusal refusal) {
        return switch (refusal) {
            case DISABLED -> "disabled";
            case EVENT_TYPE -> "event_type";
            case CHANNELS -> "channels";
        };
    }
}
