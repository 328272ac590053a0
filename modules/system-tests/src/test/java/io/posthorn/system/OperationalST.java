package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import io.posthorn.testkit.Answer;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of deliveries and endpoints to the operational application, each once, and how policies act. */
class OperationalST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AT_ONCE = "{\"delays\": [0, 0, 0, 0]}";
    private static final int EVENTS = 11;

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private ScriptedReceiver receiver;
    private PosthornProcess posthorn;
    private String operator;
    private String app;

    @BeforeEach
    void startReceiver() {
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
    }

    @AfterEach
    void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @Test
    void everythingIsToldOnceOnDisk() throws Exception {
        everythingIsToldOnce(Map.of());
    }

    @Test
    void everythingIsToldOnceOnRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            everythingIsToldOnce(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url()));
        }
    }

    private void everythingIsToldOnce(Map<String, String> engine) throws Exception {
        // Given
        Map<String, String> settings = new HashMap<>(Map.of(
                "WEBHOOK_OPERATIONAL_APPLICATION", "operator",
                "WEBHOOK_DISPATCH_INSTANCES", "1",
                "CIRCUIT_BREAKER_FAILURE_THRESHOLD", "6"));
        settings.putAll(engine);
        posthorn = PosthornProcess.start(data, settings);
        operator = application("operator");
        app = application("shop");
        String told = endpoint(operator, "/operator", "{}");
        // One that fails tells nothing: what becomes of the telling is not told.
        receiver.answer("/deaf", times(500, 200));
        String deaf = endpoint(operator, "/deaf", AT_ONCE);

        receiver.answer("/fails", times(500, 5));
        receiver.answer("/recovers", times(500, 4));
        receiver.answer("/gone", Answer.status(410));
        receiver.answer("/circuit", times(500, 6));
        receiver.answer("/final", Answer.status(404));
        String fails = endpoint(app, "/fails", AT_ONCE);
        String recovers = endpoint(app, "/recovers", AT_ONCE);
        String gone = endpoint(app, "/gone", AT_ONCE);
        String circuit = endpoint(
                app, "/circuit", "{\"exponential\": {\"first\": 1, \"factor\": 1, \"max\": 1, \"attempts\": 20}}");
        String last = endpoint(app, "/final", "{\"delays\": [0, 0], \"finalStatuses\": [404]}");

        // When
        String message = posthorn.json(
                        "POST", "/app/shop/msg", "{\"eventType\":\"a.b\",\"eventId\":\"order-1\",\"payload\":{}}")
                .getString("id");

        // Then
        await().atMost(PATIENCE).until(() -> at("/operator").size() >= EVENTS);
        for (String endpoint : List.of(fails, recovers, gone, circuit, last)) {
            await().atMost(PATIENCE).until(() -> isDone(app, endpoint));
        }
        await().atMost(PATIENCE).until(() -> isDone(operator, told));
        assertThat(posthorn.json("GET", "/app/operator/msg?limit=250", "").getJsonArray("data"))
                .hasSize(EVENTS);
        assertThat(at("/operator")).hasSize(EVENTS);
        for (ReceivedRequest request : at("/operator")) {
            verify(request, told);
        }
        assertThat(types(fails)).containsExactlyInAnyOrder("message.attempt.failing", "message.attempt.exhausted");
        assertThat(types(recovers)).containsExactlyInAnyOrder("message.attempt.failing", "message.attempt.recovered");
        assertThat(types(gone)).containsExactlyInAnyOrder("message.attempt.exhausted", "endpoint.disabled");
        assertThat(types(circuit))
                .containsExactlyInAnyOrder(
                        "message.attempt.failing",
                        "endpoint.circuit.opened",
                        "endpoint.circuit.closed",
                        "message.attempt.recovered");
        assertThat(types(last)).containsExactly("message.attempt.exhausted");
        assertThat(types(deaf)).isEmpty();
        assertThat(at("/final")).hasSize(1);

        JsonObject exhausted = only(last).getJsonObject("data");
        assertThat(exhausted.getString("appId")).isEqualTo(app);
        assertThat(exhausted.getString("appUid")).isEqualTo("shop");
        assertThat(exhausted.getString("msgId")).isEqualTo(message);
        assertThat(exhausted.getString("msgEventId")).isEqualTo("order-1");
        assertThat(exhausted.getJsonObject("lastAttempt").getInteger("responseStatusCode"))
                .isEqualTo(404);
        String attempt = exhausted.getJsonObject("lastAttempt").getString("id");
        assertThat(posthorn.json("GET", "/app/shop/msg/" + message + "/attempt/" + attempt, "")
                        .getString("endpointId"))
                .isEqualTo(last);
        assertThat(posthorn.json("GET", "/app/shop/endpoint/" + gone, "").getBoolean("disabled"))
                .isTrue();
        assertThat(posthorn.metrics())
                .containsPattern("(?m)^posthorn_operational_events_lost_total(\\{[^}]*})? 0\\.0$");
    }

    private static Answer[] times(int status, int count) {
        Answer[] answers = new Answer[count];
        Arrays.fill(answers, Answer.status(status));
        return answers;
    }

    private String application(String uid) throws Exception {
        return posthorn.json("POST", "/app", "{\"name\":\"An app\",\"uid\":\"" + uid + "\"}")
                .getString("id");
    }

    private String endpoint(String application, String path, String policy) throws Exception {
        String all = "/app/" + application + "/endpoint";
        String id = posthorn.json("POST", all, "{\"url\":\"" + receiver.url(path) + "\"}")
                .getString("id");
        JsonObject inForce = posthorn.json("PUT", all + "/" + id + "/policy", policy);
        assertThat(inForce).isEqualTo(posthorn.json("GET", all + "/" + id + "/policy", ""));
        return id;
    }

    private boolean isDone(String application, String endpoint) throws Exception {
        JsonObject stats = posthorn.json("GET", "/app/" + application + "/endpoint/" + endpoint + "/stats", "");
        return stats.getInteger("pending") == 0 && stats.getInteger("sending") == 0;
    }

    private List<ReceivedRequest> at(String path) {
        return receiver.received().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }

    private List<JsonObject> events(String endpoint) {
        return at("/operator").stream()
                .map(request -> new JsonObject(request.body()))
                .filter(event -> endpoint.equals(event.getJsonObject("data").getString("endpointId")))
                .toList();
    }

    private List<String> types(String endpoint) {
        return events(endpoint).stream().map(event -> event.getString("type")).toList();
    }

    private JsonObject only(String endpoint) {
        assertThat(events(endpoint)).hasSize(1);
        return events(endpoint).get(0);
    }

    private void verify(ReceivedRequest request, String endpoint) throws Exception {
        String secret = posthorn.json("GET", "/app/operator/endpoint/" + endpoint + "/secret", "")
                .getString("key");
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(request.header("webhook-id")),
                        "webhook-timestamp", List.of(request.header("webhook-timestamp")),
                        "webhook-signature", List.of(request.header("webhook-signature"))),
                (name, value) -> true);
        new Webhook(secret).verify(request.body().toString(), headers);
    }
}
