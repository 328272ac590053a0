package io.posthorn.ingestion;

import io.posthorn.bus.Bus;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ClusterState;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.Locale;

/** {@code /cluster}: the nodes that this one knows, what they do, how busy they are, and what is wrong with them. */
final class ClusterRoutes {
    private static final double MILLIS = 1_000.0;

    private final Bus bus;

    ClusterRoutes(Bus bus) {
        this.bus = bus;
    }

    void addTo(RouteTable table) {
        table.add(HttpMethod.GET, "/cluster", Access.ORGANIZATION, this::get);
    }

    private Future<Reply> get(Exchange exchange) {
        return bus.request(
                        Addresses.CLUSTER,
                        new ClusterState.Ask(),
                        exchange.deadline().forNested())
                .map(state -> Reply.of(200, write(state)));
    }

    private static JsonObject write(ClusterState state) {
        JsonArray nodes = new JsonArray();
        state.nodes().forEach(node -> nodes.add(write(node)));
        JsonArray problems = new JsonArray();
        state.checks()
                .forEach(check -> problems.add(new JsonObject()
                        .put("name", check.name())
                        .put("status", lowerCase(check.status()))
                        .put("detail", check.detail())));
        RoleHealth.Status worst = state.checks().stream()
                .map(RoleHealth.Check::status)
                .max(Comparator.naturalOrder())
                .orElse(RoleHealth.Status.HEALTHY);
        return new JsonObject()
                .put("status", lowerCase(worst))
                .put("nodes", nodes)
                .put("problems", problems);
    }

    private static JsonObject write(ClusterState.Node node) {
        NodeState state = node.state();
        return new JsonObject()
                .put("node", state.node().value())
                .put("address", state.address())
                .put("version", state.version())
                .put("wireMajor", state.wireMajor())
                .put("roles", new JsonArray(state.roles()))
                .put("startedAt", state.startedAt().toString())
                .put("status", state.status() == null ? null : lowerCase(state.status()))
                .put("trouble", state.trouble())
                .put("inFlight", state.inFlight())
                .put("maxInFlight", state.maxInFlight())
                .put("processorLoad", state.processorLoad() < 0 ? null : state.processorLoad())
                .put("store", state.store())
                .put("heardSecondsAgo", node.heardAgo().toMillis() / MILLIS)
                .put("problems", new JsonArray(node.problems()));
    }

    private static String lowerCase(RoleHealth.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
