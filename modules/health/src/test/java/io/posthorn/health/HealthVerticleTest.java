package io.posthorn.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.bus.Bus;
import io.posthorn.config.HealthConfig;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Backlog;
import io.posthorn.contract.Books;
import io.posthorn.contract.ClusterState;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.NodeState;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.RoleHealth;
import io.posthorn.contract.WaitCause;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthVerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final Readiness readiness = new Readiness();
    private final AtomicInteger port = new AtomicInteger();
    private final AtomicReference<Backlog> backlog =
            new AtomicReference<>(new Backlog(new Books(1, 1, 0, 0, 0, 0), List.of()));
    private final AtomicReference<Backlog> shown = new AtomicReference<>();
    private final AtomicReference<AuditReport.Progress> shownAudit = new AtomicReference<>();
    private final AtomicReference<RoleHealth.Check> storage =
            new AtomicReference<>(new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "disk"));

    @BeforeEach
    void start() throws Exception {
        await(bus.serve(
                Addresses.healthOf("storage"),
                (ask, deadline) -> Future.succeededFuture(new RoleHealth("storage", List.of(storage.get())))));
        await(bus.serve(
                Addresses.BACKLOG,
                (ask, deadline) -> backlog.get() == null || ask.applications() != 3
                        ? Future.failedFuture(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "away"))
                        : Future.succeededFuture(backlog.get())));
        await(bus.serve(
                Addresses.AUDIT,
                (ask, deadline) -> Future.succeededFuture(new AuditReport.Progress(true, 12, "", List.of()))));
        deploy(Set.of("storage"));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void showsEveryCheckOfEveryRole() throws Exception {
        // When
        HttpResponse<String> answer = get("/health");

        // Then
        JsonObject body = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body.getString("status")).isEqualTo("healthy");
        assertThat(body.getJsonObject("checks").getJsonObject("storage").getJsonObject("engine"))
                .isEqualTo(new JsonObject().put("status", "healthy").put("detail", "disk"));
    }

    @Test
    void showsWhatWaitsByCauseAndHowOldItIs() throws Exception {
        // Given
        Instant minuteAgo = InstantSource.system().instant().minusSeconds(60);
        backlog.set(new Backlog(
                new Books(9, 1, 0, 0, 7, 1),
                List.of(
                        new Backlog.Share(WaitCause.RECEIVER_BUSY, 2, 7, minuteAgo),
                        new Backlog.Share(WaitCause.IN_FLIGHT, 1, 1, null))));

        // When
        JsonObject body = new JsonObject(get("/health").body()).getJsonObject("backlog");

        // Then
        assertThat(body.getLong("waiting")).isEqualTo(7);
        assertThat(body.getLong("inFlight")).isEqualTo(1);
        JsonObject busy = body.getJsonArray("byCause").getJsonObject(0);
        assertThat(busy.getDouble("oldestAgeSeconds")).isBetween(60.0, 100.0);
        busy.remove("oldestAgeSeconds");
        assertThat(busy)
                .isEqualTo(new JsonObject()
                        .put("cause", "receiver_busy")
                        .put("endpoints", 2)
                        .put("deliveries", 7));
        assertThat(body.getJsonArray("byCause").getJsonObject(1).getValue("oldestAgeSeconds"))
                .isNull();
    }

    @Test
    void storageThatDoesNotCountDoesNotKeepHealthFromAnswering() throws Exception {
        // Given
        backlog.set(null);

        // When
        HttpResponse<String> answer = get("/health");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getJsonObject("backlog")).isNull();
    }

    @Test
    void degradedIsStillServedAndUnhealthyIsNot() throws Exception {
        // Given
        storage.set(new RoleHealth.Check("engine", RoleHealth.Status.DEGRADED, "memory"));
        HttpResponse<String> degraded = get("/health");

        // When
        storage.set(new RoleHealth.Check("engine", RoleHealth.Status.UNHEALTHY, "disk full"));
        HttpResponse<String> unhealthy = get("/health");

        // Then
        assertThat(degraded.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(degraded.body()).getString("status")).isEqualTo("degraded");
        assertThat(unhealthy.statusCode()).isEqualTo(503);
        assertThat(unhealthy.body()).contains("disk full");
    }

    @Test
    void roleThatDoesNotAnswerIsUnhealthyWithTheReason() throws Exception {
        // Given
        deploy(Set.of("storage", "dispatch"));

        // When
        HttpResponse<String> answer = get("/health");

        // Then
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("no node serves posthorn.dispatch.health");
    }

    @Test
    void showsTheNodesAndWhatIsWrongWithThemTogether() throws Exception {
        // Given
        NodeState other = new NodeState(
                new NodeId("node-2"),
                "10.0.0.2:5701",
                "1.0",
                1,
                List.of("dispatch"),
                Instant.EPOCH,
                RoleHealth.Status.HEALTHY,
                null,
                0,
                512,
                0.5,
                null,
                null);
        await(bus.serve(
                Addresses.CLUSTER,
                (ask, deadline) -> Future.succeededFuture(new ClusterState(
                        List.of(new ClusterState.Node(other, Duration.ofMillis(500), List.of())),
                        List.of(new RoleHealth.Check(
                                "role-ratelimit", RoleHealth.Status.DEGRADED, "no node has the role ratelimit"))))));

        // When
        HttpResponse<String> answer = get("/health");

        // Then
        JsonObject body = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body.getString("status")).isEqualTo("degraded");
        assertThat(body.getJsonObject("checks")
                        .getJsonObject("cluster")
                        .getJsonObject("role-ratelimit")
                        .getString("detail"))
                .isEqualTo("no node has the role ratelimit");
        assertThat(body.getJsonArray("nodes").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("node", "node-2")
                        .put("version", "1.0")
                        .put("roles", new JsonArray().add("dispatch"))
                        .put("status", "healthy")
                        .put("heardSecondsAgo", 0.5)
                        .put("address", "10.0.0.2:5701"));
    }

    @Test
    void saysInALineWhatIsWrongSoThatOtherNodesCanBeTold() {
        // When
        storage.set(new RoleHealth.Check("engine", RoleHealth.Status.DEGRADED, "redis is away"));

        // Then
        Awaitility.await().until(() -> "storage engine: redis is away".equals(readiness.trouble()));
        assertThat(readiness.roles()).isEqualTo(RoleHealth.Status.DEGRADED);
        storage.set(new RoleHealth.Check("engine", RoleHealth.Status.HEALTHY, "redis"));
        Awaitility.await().until(() -> readiness.trouble() == null);
        assertThat(readiness.roles()).isEqualTo(RoleHealth.Status.HEALTHY);
    }

    @Test
    void probesFollowTheLifeOfTheNode() throws Exception {
        // Given
        int readyWhenStarting = get("/health/ready").statusCode();
        int startedWhenStarting = get("/health/started").statusCode();

        // When
        readiness.ready();
        int readyWhenReady = get("/health/ready").statusCode();
        readiness.stopping();
        int readyWhenStopping = get("/health/ready").statusCode();

        // Then
        assertThat(List.of(readyWhenStarting, startedWhenStarting, readyWhenReady, readyWhenStopping))
                .containsExactly(503, 503, 200, 503);
        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsShowTheLatestBacklogAndRecount() throws Exception {
        // When
        HttpResponse<String> answer = get("/metrics");

        // Then
        assertThat(answer.body()).isEqualTo("metrics");
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(shown.get().books().created()).isEqualTo(1);
        assertThat(shownAudit.get().looked()).isEqualTo(12);
    }

    @Test
    void unknownPathsAndMethodsAreAnsweredInJson() throws Exception {
        // When
        HttpResponse<String> unknown = get("/nothing");
        HttpResponse<String> wrongMethod = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri("/health"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(new JsonObject(unknown.body()).getString("code")).isEqualTo("not_found");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    }

    private void deploy(Set<String> roles) throws Exception {
        MetricsSource metrics = new MetricsSource() {
            @Override
            public void update(Backlog backlog) {
                shown.set(backlog);
            }

            @Override
            public void update(AuditReport.Progress audit) {
                shownAudit.set(audit);
            }

            @Override
            public String scrape() {
                return "metrics";
            }

            @Override
            public String contentType() {
                return "text/plain";
            }
        };
        await(vertx.deployVerticle(new HealthVerticle(
                new HealthConfig("127.0.0.1", 0, Duration.ofSeconds(2), 3),
                bus,
                InstantSource.system(),
                new NodeId("node-1"),
                "1.0",
                roles,
                readiness,
                metrics,
                port::set)));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port.get() + path);
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
