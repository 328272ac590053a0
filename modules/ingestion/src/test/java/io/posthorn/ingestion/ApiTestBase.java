package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.posthorn.bus.Bus;
import io.posthorn.config.DispatchConfig;
import io.posthorn.config.IngestionConfig;
import io.posthorn.config.RetryConfig;
import io.posthorn.contract.OrganizationId;
import io.posthorn.contract.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real server on a free port, with stubs for the other roles. */
abstract class ApiTestBase {
    static final Secret SECRET = new Secret("a secret for tests with 32 bytes or more");
    static final int MAX_BODY_BYTES = 64 * 1024;

    final TestClock clock = new TestClock();
    final StubStorage storage = new StubStorage();
    final StubNeighbours neighbours = new StubNeighbours();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    Vertx vertx;
    Bus bus;
    PendingGate gate;
    String deploymentId;
    int port;
    String token;

    @BeforeEach
    void startServer() throws Exception {
        vertx = Vertx.vertx();
        bus = new Bus(vertx);
        await(storage.serve(bus));
        await(neighbours.serve(bus));
        token = TokenIssuer.organizationToken(SECRET, OrganizationId.DEFAULT, Duration.ofDays(1), clock.instant());
        IngestionConfig config = config();
        gate = new PendingGate(config.maxPending(), 1L << 30);
        CompletableFuture<Integer> listening = new CompletableFuture<>();
        deploymentId = await(vertx.deployVerticle(
                () -> new IngestionVerticle(
                        settings(config),
                        bus,
                        clock,
                        registry,
                        new Admission(gate, new RequestLimits(config, clock)),
                        listening::complete),
                new io.vertx.core.DeploymentOptions()));
        port = listening.get(10, TimeUnit.SECONDS);
    }

    static IngestionSettings settings(IngestionConfig config) {
        return new IngestionSettings(
                config, Duration.ofDays(90), RetryConfig.defaults().sending(DispatchConfig.defaults()));
    }

    IngestionConfig config() {
        return new IngestionConfig(
                "127.0.0.1",
                0,
                MAX_BODY_BYTES,
                3,
                Duration.ofSeconds(10),
                1,
                SECRET,
                null,
                null,
                Duration.ofSeconds(60));
    }

    @AfterEach
    void stopServer() throws Exception {
        await(vertx.close());
    }

    static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    record Answer(int status, String text, HttpResponse<byte[]> response) {
        JsonObject json() {
            return new JsonObject(text);
        }

        Answer expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return this;
        }
    }

    HttpRequest.Builder request(String method, String path, String body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + token)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return body == null ? builder : builder.header("content-type", "application/json");
    }

    Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(), new String(response.body(), java.nio.charset.StandardCharsets.UTF_8), response);
    }

    Answer call(String method, String path, String body) throws Exception {
        return send(request(method, "/api/v1" + path, body));
    }

    Answer get(String path) throws Exception {
        return call("GET", path, null);
    }

    Answer post(String path, String body) throws Exception {
        return call("POST", path, body);
    }

    /** Makes an application and returns its id. */
    String application(String uid) throws Exception {
        return post(
                        "/app",
                        new JsonObject().put("name", "An app").put("uid", uid).encode())
                .expect(201)
                .json()
                .getString("id");
    }

    /** Makes an endpoint and returns its id. */
    String endpoint(String application) throws Exception {
        return post("/app/" + application + "/endpoint", "{\"url\":\"https://example.com/hook\"}")
                .expect(201)
                .json()
                .getString("id");
    }

    /** Makes a message and returns its id. */
    String message(String application, String eventType) throws Exception {
        return post("/app/" + application + "/msg", "{\"eventType\":\"" + eventType + "\",\"payload\":{\"a\":1}}")
                .expect(202)
                .json()
                .getString("id");
    }
}
