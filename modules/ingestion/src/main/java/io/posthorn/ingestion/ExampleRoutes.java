package io.posthorn.ingestion;

import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.EventType;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NewMessage;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.PosthornException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** {@code .../send-example}: one message for one endpoint, made of the example in its event type's schema. */
final class ExampleRoutes {
    private static final String PING = "svix.ping";
    private static final String SCHEMA_VERSION = "1";

    private final Catalogue catalogue;
    private final MessageAcceptance acceptance;
    private final InstantSource clock;
    private final Duration retention;

    ExampleRoutes(Catalogue catalogue, MessageAcceptance acceptance, InstantSource clock, Duration retention) {
        this.catalogue = catalogue;
        this.acceptance = acceptance;
        this.clock = clock;
        this.retention = retention;
    }

    void addTo(RouteTable table) {
        table.addCounted(HttpMethod.POST, EndpointRoutes.ONE + "/send-example", Access.ORGANIZATION, this::sendExample);
    }

    private Future<Reply> sendExample(Exchange exchange) {
        Fields fields = exchange.fields();
        String eventType = fields.requiredText("eventType");
        fields.end();
        OrganizationId organization = exchange.requireCaller().organization();
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> payload(exchange, eventType)
                        .compose(payload ->
                                acceptance.append(message(exchange, organization, endpoint, eventType, payload)))
                        .map(message -> Reply.of(200, MessageJson.write(message, true))));
    }

    private NewMessage message(
            Exchange exchange, OrganizationId organization, Endpoint endpoint, String eventType, Buffer payload) {
        return new NewMessage(
                MessageId.at(clock.millis()),
                organization,
                endpoint.application().value(),
                eventType,
                null,
                Set.of(),
                endpoint.id(),
                payload,
                retention,
                exchange.idempotencyKey());
    }

    private Future<Buffer> payload(Exchange exchange, String eventType) {
        if (eventType.equals(PING)) {
            return Future.succeededFuture(new JsonObject().put("success", true).toBuffer());
        }
        return catalogue
                .eventType(exchange.requireCaller().organization(), eventType, exchange.deadline())
                .map(ExampleRoutes::example);
    }

    private static Buffer example(EventType type) {
        String schemas = type.schemas();
        JsonObject schema = schemas == null ? null : new JsonObject(schemas).getJsonObject(SCHEMA_VERSION);
        if (schema != null
                && schema.getValue("examples") instanceof JsonArray examples
                && !examples.isEmpty()
                && examples.getValue(0) instanceof JsonObject example) {
            return example.toBuffer();
        }
        throw new PosthornException(
                ErrorCode.GENERIC, "the schema \"1\" of the event type has no example that is an object");
    }
}
