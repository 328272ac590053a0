package io.posthorn.ingestion;

import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.IdempotencyKey;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Removal;
import io.posthorn.contract.SaveOutcome;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** {@code /event-type}: the kinds of events of an organisation. */
final class EventTypeRoutes {
    private static final String ALL = "/event-type";
    private static final String ONE = ALL + "/:event_type_name";

    private final Catalogue catalogue;
    private final InstantSource clock;

    EventTypeRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, ALL, Access.APPLICATION, this::list)
                .add(HttpMethod.POST, ALL, Access.ORGANIZATION, this::create)
                .add(HttpMethod.GET, ONE, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, ONE, Access.ORGANIZATION, this::put)
                .add(HttpMethod.PATCH, ONE, Access.ORGANIZATION, this::patch)
                .add(HttpMethod.DELETE, ONE, Access.ORGANIZATION, this::delete);
    }

    private Future<Reply> list(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(true, true, name -> !name.isEmpty());
        boolean includeArchived = query.flag("include_archived", false);
        boolean withContent = query.flag("with_content", false);
        query.end();
        Caller caller = exchange.requireCaller();
        StorageQuery.ListEntities wanted = new StorageQuery.ListEntities.EventTypes(
                caller.organization(), includeArchived, caller.isOrganization() ? null : caller.featureFlags(), page);
        return catalogue
                .list(wanted, exchange.deadline())
                .map(found -> Paging.reply(
                        found.items().stream().map(EventType.class::cast).toList(),
                        found.done(),
                        EventType::name,
                        type -> EventTypeJson.write(type, withContent)));
    }

    private Future<Reply> create(Exchange exchange) {
        Fields fields = exchange.fields();
        String name = fields.requiredText("name");
        EventTypeJson.In in = EventTypeJson.read(fields);
        fields.end();
        OrganizationId organization = exchange.requireCaller().organization();
        @Nullable IdempotencyKey key = exchange.idempotencyKey();
        Instant now = clock.instant();
        return catalogue
                .save(in.create(organization, name, now), key, exchange.deadline())
                .compose(outcome -> outcome instanceof SaveOutcome.NameTaken
                        ? unarchive(exchange, in, name, key)
                        : Catalogue.stored(outcome, EventType.class))
                .map(stored -> reply(201, stored));
    }

    /** An archived event type of that name comes back as the new one. */
    private Future<EventType> unarchive(
            Exchange exchange, EventTypeJson.In in, String name, @Nullable IdempotencyKey key) {
        return catalogue
                .eventType(exchange.requireCaller().organization(), name, exchange.deadline())
                .compose(old -> old.archived()
                        ? catalogue.create(in.replace(old, clock.instant()), EventType.class, key, exchange.deadline())
                        : Future.failedFuture(new PosthornException(
                                ErrorCode.EVENT_TYPE_EXISTS, "an event type of this name exists")));
    }

    private Future<Reply> get(Exchange exchange) {
        Caller caller = exchange.requireCaller();
        return one(exchange)
                .compose(type -> isVisible(type, caller)
                        ? Future.succeededFuture(reply(200, type))
                        : Future.failedFuture(new PosthornException(ErrorCode.NOT_FOUND, "Entity not found")));
    }

    private static boolean isVisible(EventType type, Caller caller) {
        return caller.isOrganization()
                || type.featureFlag() == null
                || caller.featureFlags().contains(type.featureFlag());
    }

    private Future<Reply> put(Exchange exchange) {
        Fields fields = exchange.fields();
        EventTypeJson.In in = EventTypeJson.read(fields);
        fields.end();
        return catalogue
                .change(
                        () -> one(exchange),
                        old -> in.replace(old, clock.instant()),
                        EventType.class,
                        exchange.deadline())
                .map(stored -> reply(200, stored))
                .recover(failure -> Catalogue.isNotFound(failure)
                        ? catalogue
                                .create(
                                        in.create(
                                                exchange.requireCaller().organization(),
                                                exchange.pathParameter("event_type_name"),
                                                clock.instant()),
                                        EventType.class,
                                        null,
                                        exchange.deadline())
                                .map(stored -> reply(201, stored))
                        : Future.failedFuture(failure));
    }

    private Future<Reply> patch(Exchange exchange) {
        Fields fields = exchange.fields();
        return catalogue
                .change(
                        () -> one(exchange),
                        old -> EventTypeJson.patch(fields, old, clock.instant()),
                        EventType.class,
                        exchange.deadline())
                .map(stored -> reply(200, stored));
    }

    private Future<Reply> delete(Exchange exchange) {
        Query query = exchange.query();
        boolean expunge = query.flag("expunge", false);
        query.end();
        if (expunge) {
            return one(exchange)
                    .compose(type -> catalogue.remove(
                            new Removal.OfEventType(type.organization(), type.name()), exchange.deadline()))
                    .map(done -> Reply.noContent());
        }
        return catalogue
                .change(
                        () -> one(exchange),
                        old -> archived(old, clock.instant()),
                        EventType.class,
                        exchange.deadline())
                .map(stored -> Reply.noContent());
    }

    private static EventType archived(EventType old, Instant now) {
        return new EventTypeJson.In(old.description(), true, old.deprecated(), old.schemas(), old.featureFlag())
                .replace(old, now);
    }

    private Future<EventType> one(Exchange exchange) {
        return catalogue.eventType(
                exchange.requireCaller().organization(),
                exchange.pathParameter("event_type_name"),
                exchange.deadline());
    }

    private static Reply reply(int status, EventType type) {
        return Reply.of(status, EventTypeJson.write(type, true));
    }
}
