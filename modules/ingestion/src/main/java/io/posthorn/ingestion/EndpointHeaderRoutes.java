package io.posthorn.ingestion;

import io.posthorn.contract.CustomHeaders;
import io.posthorn.contract.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code .../headers}: what is sent along with every attempt of an endpoint. */
final class EndpointHeaderRoutes {
    private static final String PATH = EndpointRoutes.ONE + "/headers";

    private final Catalogue catalogue;
    private final InstantSource clock;

    EndpointHeaderRoutes(Catalogue catalogue, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, PATH, Access.APPLICATION, this::get)
                .add(HttpMethod.PUT, PATH, Access.APPLICATION, this::put)
                .add(HttpMethod.PATCH, PATH, Access.APPLICATION, this::patch);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue.endpoint(exchange).map(endpoint -> {
            JsonObject shown = new JsonObject();
            JsonArray sensitive = new JsonArray();
            new TreeMap<>(endpoint.headers()).forEach((name, value) -> {
                if (CustomHeaders.isSensitive(name)) {
                    sensitive.add(name);
                } else {
                    shown.put(name, value);
                }
            });
            return Reply.of(200, new JsonObject().put("headers", shown).put("sensitive", sensitive));
        });
    }

    private Future<Reply> put(Exchange exchange) {
        Fields fields = exchange.fields();
        requireHeaders(fields);
        Map<String, String> headers = fields.textMap("headers");
        fields.end();
        return change(exchange, old -> headers);
    }

    private Future<Reply> patch(Exchange exchange) {
        Fields fields = exchange.fields();
        Set<String> deleted = fields.texts("deleteHeaders");
        if (deleted == null) {
            requireHeaders(fields);
        }
        Map<String, @Nullable String> changes = fields.nullableTextMap("headers");
        if (deleted != null) {
            deleted.forEach(name -> changes.put(name, null));
        }
        fields.end();
        return change(exchange, old -> merged(old, changes));
    }

    private static void requireHeaders(Fields fields) {
        if (fields.object("headers") == null) {
            fields.problem("headers", "missing field");
            fields.end();
        }
    }

    private static Map<String, String> merged(Map<String, String> old, Map<String, @Nullable String> changes) {
        Map<String, String> merged = new LinkedHashMap<>(old);
        changes.forEach((name, value) -> {
            merged.keySet().removeIf(name::equalsIgnoreCase);
            if (value != null) {
                merged.put(name, value);
            }
        });
        return merged;
    }

    private Future<Reply> change(Exchange exchange, UnaryOperator<Map<String, String>> edit) {
        return catalogue
                .change(
                        () -> catalogue.endpoint(exchange),
                        old -> withHeaders(old, edit.apply(old.headers()), clock.instant()),
                        Endpoint.class,
                        exchange.deadline())
                .map(stored -> Reply.noContent());
    }

    private static Endpoint withHeaders(Endpoint old, Map<String, String> headers, Instant now) {
        return new Endpoint(
                old.id(),
                old.application(),
                old.uid(),
                old.url(),
                old.description(),
                old.throttleRate(),
                old.disabled(),
                old.eventTypes(),
                old.channels(),
                old.metadata(),
                headers,
                old.secrets(),
                old.sending(),
                old.failingSince(),
                old.createdAt(),
                now,
                old.version());
    }
}
