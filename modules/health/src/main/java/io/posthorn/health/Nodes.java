package io.posthorn.health;

import io.posthorn.bus.Bus;
import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ClusterState;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** What this node knows of all nodes, and what is wrong with them together. Verticle context. */
final class Nodes {
    private final Bus bus;
    private final Duration timeout;

    /**
     * What is shown.
     *
     * @param status the worst of the checks
     * @param checks empty when nothing is wrong
     */
    record Report(RoleHealth.Status status, JsonObject checks, JsonArray nodes) {}

    Nodes(Bus bus, Duration timeout) {
        this.bus = bus;
        this.timeout = timeout;
    }

    /** Never fails: where nobody knows, as while the node stops, there is nothing to show. */
    Future<Report> report() {
        return bus.requestHere(Addresses.CLUSTER, new ClusterState.Ask(), Deadline.after(timeout))
                .otherwise(new ClusterState(List.of(), List.of()))
                .map(Nodes::report);
    }

    private static Report report(ClusterState state) {
        RoleHealth.Status worst = RoleHealth.Status.HEALTHY;
        JsonObject checks = new JsonObject();
        for (RoleHealth.Check check : state.checks()) {
            worst = RoleChecks.worst(worst, check.status());
            JsonObject before = checks.getJsonObject(check.name());
            String detail = before == null ? check.detail() : before.getString("detail") + "; " + check.detail();
            checks.put(check.name(), RoleChecks.check(check.status(), detail));
        }
        JsonArray nodes = new JsonArray();
        state.nodes().forEach(node -> nodes.add(json(node)));
        return new Report(worst, checks, nodes);
    }

    private static JsonObject json(ClusterState.Node node) {
        NodeState state = node.state();
        JsonObject json = new JsonObject()
                .put("node", state.node().value())
                .put("version", state.version())
                .put("roles", new JsonArray(state.roles()))
                .put("status", state.status() == null ? null : RoleChecks.lowerCase(state.status()))
                .put("heardSecondsAgo", node.heardAgo().toMillis() / 1_000.0);
        return state.address() == null ? json : json.put("address", state.address());
    }
}
