package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.Message;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.PageRequest;
import io.posthorn.contract.Requests;
import io.posthorn.contract.StorageQuery;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /app/{app_id}/msg}: the messages of an application. */
final class MessageRoutes {
    private static final String ALL = "/app/:app_id/msg";
    private static final String ONE = ALL + "/:msg_id";

    private final Catalogue catalogue;
    private final MessageAcceptance acceptance;
    private final Bus bus;
    private final DryRun dryRun;

    MessageRoutes(Catalogue catalogue, MessageAcceptance acceptance, Bus bus) {
        this.catalogue = catalogue;
        this.acceptance = acceptance;
        this.bus = bus;
        this.dryRun = new DryRun(catalogue, acceptance, bus);
    }

    void addTo(RouteTable table) {
        table.addCounted(HttpMethod.POST, ALL, Access.ORGANIZATION, this::create)
                .add(HttpMethod.GET, ALL, Access.APPLICATION, this::list)
                .add(HttpMethod.GET, ONE, Access.APPLICATION, this::get)
                .add(HttpMethod.DELETE, ONE + "/content", Access.APPLICATION, this::expunge);
    }

    private Future<Reply> create(Exchange exchange) {
        Query query = exchange.query();
        boolean withContent = query.flag("with_content", true);
        if (query.flag("dryRun", false)) {
            PageRequest page = query.page(true, false, EndpointId::isValid);
            query.end();
            return dryRun.answer(exchange, page);
        }
        query.end();
        return acceptance
                .accept(
                        exchange.requireCaller().organization(),
                        exchange.pathParameter("app_id"),
                        exchange.body(),
                        exchange.idempotencyKey(),
                        exchange.deadline())
                .map(accepted -> Reply.of(202, MessageJson.write(accepted, withContent)));
    }

    private Future<Reply> list(Exchange exchange) {
        Query query = exchange.query();
        PageRequest page = query.page(false, false, MessageId::isValid);
        Set<String> eventTypes = query.texts("event_types");
        @Nullable Instant after = query.time("after");
        @Nullable Instant before = query.time("before");
        boolean withContent = query.flag("with_content", true);
        query.end();
        return catalogue
                .application(exchange)
                .compose(application -> bus.request(
                        Addresses.MESSAGE_LIST,
                        new StorageQuery.Messages(
                                application.id(), eventTypes, query.text("channel"), after, before, withContent, page),
                        exchange.deadline().forNested()))
                .map(found -> Reply.of(200, write(found, withContent)));
    }

    private static Buffer write(StorageQuery.MessagePage page, boolean withContent) {
        MessagePageWriter writer = new MessagePageWriter();
        for (Message message : page.items()) {
            writer.add(message, withContent, null);
        }
        String first = page.items().isEmpty() ? null : page.items().get(0).id().value();
        String last = page.items().isEmpty()
                ? null
                : page.items().get(page.items().size() - 1).id().value();
        return writer.end(first, last, page.done());
    }

    private Future<Reply> get(Exchange exchange) {
        Query query = exchange.query();
        boolean withContent = query.flag("with_content", true);
        query.end();
        return message(exchange, withContent).map(found -> Reply.of(200, MessageJson.write(found, withContent)));
    }

    private Future<Reply> expunge(Exchange exchange) {
        return message(exchange, false)
                .compose(found -> bus.request(
                        Addresses.EXPUNGE_MESSAGE,
                        new Requests.ExpungeMessage(found.application(), found.id()),
                        exchange.deadline().forNested()))
                .map(done -> Reply.noContent());
    }

    private Future<Message> message(Exchange exchange, boolean withContent) {
        return catalogue
                .application(exchange)
                .compose(application -> bus.request(
                        Addresses.MESSAGE,
                        new StorageQuery.OneMessage(application.id(), exchange.pathParameter("msg_id"), withContent),
                        exchange.deadline().forNested()));
    }
}
