package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Served;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.ClusterState;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterApiTest extends ApiTestBase {
    private static final NodeState NODE = new NodeState(
            new NodeId("node-1"),
            "10.0.0.1:5701",
            "1.0",
            1,
            List.of("dispatch", "storage"),
            Instant.parse("2026-01-02T03:04:05Z"),
            RoleHealth.Status.DEGRADED,
            "storage engine: slow",
            7,
            512,
            0.5,
            "store-1",
            "5ec2e7");

    @Test
    void listsNodesWithWhatTheyDoAndWhatIsWrongWithThem() throws Exception {
        // Given
        Served served = await(bus.serve(
                Addresses.CLUSTER,
                (ask, deadline) -> Future.succeededFuture(new ClusterState(
                        List.of(new ClusterState.Node(NODE, Duration.ofMillis(1500), List.of("is odd"))),
                        List.of(new RoleHealth.Check(
                                "role-ratelimit", RoleHealth.Status.DEGRADED, "no node has the role ratelimit"))))));

        // When
        JsonObject shown = get("/cluster").expect(200).json();

        // Then
        assertThat(served).isNotNull();
        assertThat(shown)
                .isEqualTo(new JsonObject()
                        .put("status", "degraded")
                        .put(
                                "nodes",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("node", "node-1")
                                                .put("address", "10.0.0.1:5701")
                                                .put("version", "1.0")
                                                .put("wireMajor", 1)
                                                .put(
                                                        "roles",
                                                        new JsonArray()
                                                                .add("dispatch")
                                                                .add("storage"))
                                                .put("startedAt", "2026-01-02T03:04:05Z")
                                                .put("status", "degraded")
                                                .put("trouble", "storage engine: slow")
                                                .put("inFlight", 7)
                                                .put("maxInFlight", 512)
                                                .put("processorLoad", 0.5)
                                                .put("store", "store-1")
                                                .put("heardSecondsAgo", 1.5)
                                                .put("problems", new JsonArray().add("is odd"))))
                        .put(
                                "problems",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "role-ratelimit")
                                                .put("status", "degraded")
                                                .put("detail", "no node has the role ratelimit"))));
        assertThat(shown.encode()).doesNotContain("5ec2e7");
    }
}
