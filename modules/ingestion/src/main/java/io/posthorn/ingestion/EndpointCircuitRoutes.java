package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Batches;
import io.posthorn.contract.Circuit;
import io.posthorn.contract.Endpoint;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.QueueControl;
import io.posthorn.contract.QueueState;
import io.posthorn.contract.StorageQuery;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code .../circuit}: whether an endpoint is sent to, why not, and the switch for people. */
final class EndpointCircuitRoutes {
    private static final String PATH = EndpointRoutes.ONE + "/circuit";
    private static final int LONGEST_SECONDS = (int) Duration.ofDays(365).toSeconds();
    private static final int TRIES = 5;

    private final Catalogue catalogue;
    private final Bus bus;
    private final InstantSource clock;

    EndpointCircuitRoutes(Catalogue catalogue, Bus bus, InstantSource clock) {
        this.catalogue = catalogue;
        this.bus = bus;
        this.clock = clock;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, PATH, Access.APPLICATION, this::get)
                .add(HttpMethod.POST, PATH + "/open", Access.APPLICATION, this::open)
                .add(HttpMethod.POST, PATH + "/close", Access.APPLICATION, this::close)
                .add(HttpMethod.POST, PATH + "/reset", Access.APPLICATION, this::reset);
    }

    private Future<Reply> get(Exchange exchange) {
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> state(endpoint, exchange))
                .map(this::reply);
    }

    /** Opens it for {@code seconds}, or until somebody closes it. */
    private Future<Reply> open(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        @Nullable Integer seconds = fields.integer("seconds", 1, LONGEST_SECONDS);
        String reason = reason(fields, "opened by hand");
        fields.end();
        Instant now = clock.instant();
        Instant until = seconds == null ? Circuit.BY_HAND_ONLY : now.plusSeconds(seconds);
        return change(
                exchange,
                before -> Circuit.opened(before, before == null ? 1 : before.openings() + 1, now, until, reason));
    }

    private Future<Reply> close(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        String reason = reason(fields, "closed by hand");
        fields.end();
        return change(exchange, before -> Circuit.closed(before, clock.instant(), reason));
    }

    private Future<Reply> reset(Exchange exchange) {
        Fields fields = exchange.optionalFields();
        String reason = reason(fields, "reset by hand");
        fields.end();
        return change(exchange, before -> Circuit.reset(before, clock.instant(), reason));
    }

    private static String reason(Fields fields, String absent) {
        @Nullable String given = fields.text("reason");
        if (given != null && given.length() > Circuit.MAX_REASON) {
            fields.invalid("reason", "expected at most " + Circuit.MAX_REASON + " characters");
        }
        return given == null || given.isBlank() ? absent : absent + ": " + given;
    }

    private Future<Reply> change(Exchange exchange, UnaryOperator<@Nullable Circuit> edit) {
        return catalogue
                .endpoint(exchange)
                .compose(endpoint -> change(exchange, endpoint, edit, TRIES))
                .map(this::reply);
    }

    /** Begins again when a dispatcher changed it meanwhile. */
    private Future<QueueState> change(
            Exchange exchange, Endpoint endpoint, UnaryOperator<@Nullable Circuit> edit, int tries) {
        return state(endpoint, exchange).compose(before -> {
            Circuit wanted = edit.apply(before.circuit());
            QueueControl control = new QueueControl.SetCircuit(endpoint.application(), endpoint.id(), wanted);
            return bus.request(
                            Addresses.CONTROL,
                            new Batches.Controls(List.of(control)),
                            exchange.deadline().forNested())
                    .compose(done -> state(endpoint, exchange))
                    .compose(after -> {
                        if (holds(after.circuit(), wanted)) {
                            return Future.succeededFuture(after);
                        }
                        return tries > 1
                                ? change(exchange, endpoint, edit, tries - 1)
                                : Future.failedFuture(new PosthornException(
                                        ErrorCode.CONFLICT,
                                        "the circuit is being changed by others at the moment; try again"));
                    });
        });
    }

    /** Whether the change was taken; it may have been followed by another since. */
    private static boolean holds(@Nullable Circuit after, Circuit wanted) {
        Circuit.Change change = wanted.history().get(0);
        return after != null
                && after.version() >= wanted.version()
                && after.history().contains(change);
    }

    private Future<QueueState> state(Endpoint endpoint, Exchange exchange) {
        return bus.request(
                Addresses.QUEUE,
                new StorageQuery.QueueOf(endpoint.application(), endpoint.id()),
                exchange.deadline().forNested());
    }

    private Reply reply(QueueState queue) {
        @Nullable Circuit circuit = queue.circuit();
        JsonObject json = new JsonObject()
                .put("state", word(circuit, queue))
                .put("waiting", queue.books().waiting())
                .put("inFlight", queue.books().inFlight())
                .put("inFlightLimit", queue.inFlightLimit());
        JsonArray history = new JsonArray();
        if (circuit != null) {
            json.put("reason", circuit.reason())
                    .put("since", circuit.since().toString())
                    .put("openings", circuit.openings());
            if (circuit.until() != null && !circuit.until().equals(Circuit.BY_HAND_ONLY)) {
                json.put("nextProbeAt", circuit.until().toString());
            }
            for (Circuit.Change change : circuit.history()) {
                history.add(new JsonObject()
                        .put("state", change.state() == Circuit.State.OPEN ? "open" : "closed")
                        .put("at", change.at().toString())
                        .put("reason", change.reason()));
            }
        }
        return Reply.of(200, json.put("history", history));
    }

    /** Half open is an open one whose time is over: the next delivery, or the one in flight, is its probe. */
    private String word(@Nullable Circuit circuit, QueueState queue) {
        if (circuit == null || !circuit.isOpen()) {
            return "closed";
        }
        boolean waits = queue.cause() == WaitCause.CIRCUIT_OPEN
                || circuit.until() != null && circuit.until().isAfter(clock.instant());
        return waits ? "open" : "half_open";
    }
}
