package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import io.posthorn.testkit.Answer;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryST {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path data;

    private static Vertx vertx;
    private static PosthornProcess posthorn;
    private static ScriptedReceiver receiver;

    private String app;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
        posthorn = PosthornProcess.start(data, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @BeforeEach
    void application() throws Exception {
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
    }

    @Test
    void payloadArrivesByteForByteAndVerifiesWithTheStandardLibrary() throws Exception {
        // Given
        String payload = "{ \"amount\": 1.50, \"name\":\"\\u00e9\",\n\t\"big\": 12345678901234567890.10 }";
        String endpoint = endpoint("/verify");

        // When
        String message = send(payload);
        ReceivedRequest received = awaitRequests("/verify", 1).get(0);

        // Then
        String secret = posthorn.json("GET", "/app/" + app + "/endpoint/" + endpoint + "/secret", "")
                .getString("key");
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(received.header("webhook-id")),
                        "webhook-timestamp", List.of(received.header("webhook-timestamp")),
                        "webhook-signature", List.of(received.header("webhook-signature"))),
                (name, value) -> true);
        assertThat(received.body().toString()).isEqualTo(payload);
        assertThat(received.header("webhook-id")).isEqualTo(message);
        new Webhook(secret).verify(received.body().toString(), headers);
    }

    @Test
    void receiverThatStumblesGetsItAgainWithTheSameId() throws Exception {
        // Given
        receiver.answer("/stumbles", Answer.status(503), Answer.status(503), Answer.status(503), Answer.status(200));
        endpoint("/stumbles");

        // When
        String message = send("{}");
        List<ReceivedRequest> received = awaitRequests("/stumbles", 4);

        // Then
        assertThat(received)
                .allSatisfy(one -> assertThat(one.header("webhook-id")).isEqualTo(message));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(statusCodes(message)).containsExactly(200, 503, 503, 503));
    }

    @Test
    void goneDisablesTheEndpoint() throws Exception {
        // Given
        receiver.answer("/gone", Answer.status(410));
        String endpoint = endpoint("/gone");

        // When
        String message = send("{}");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(posthorn.json("GET", "/app/" + app + "/endpoint/" + endpoint, "")
                                .getBoolean("disabled"))
                        .isTrue());
        assertThat(statusCodes(message)).containsExactly(410);
    }

    @Test
    void redirectIsAFailureAndIsNotFollowed() throws Exception {
        // Given
        receiver.answer("/moved", Answer.status(301), Answer.status(301), Answer.status(301), Answer.status(301));
        endpoint("/moved");

        // When
        String message = send("{}");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(statusCodes(message)).containsExactly(301, 301, 301, 301));
    }

    @Test
    void privateAddressesThatAreNotOpenedAreNeverDialled() throws Exception {
        // Given
        posthorn.json(
                "POST", "/app/" + app + "/endpoint", "{\"url\":\"http://127.0.0.2:" + receiver.port() + "/private\"}");

        // When
        String message = send("{}");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(statusCodes(message)).containsExactly(0, 0, 0, 0));
        assertThat(requests("/private")).isEmpty();
    }

    @Test
    void healthIsHealthyAndMetricsCountTheDeliveries() throws Exception {
        // Given
        endpoint("/counted");
        send("{}");
        awaitRequests("/counted", 1);

        // Then
        JsonObject health = new JsonObject(posthorn.management("/health").body());
        assertThat(health.getString("status")).as("%s", health).isEqualTo("healthy");
        assertThat(posthorn.management("/health/ready").statusCode()).isEqualTo(200);
        assertThat(posthorn.metrics())
                .contains("posthorn_deliveries_appended_total")
                .contains("posthorn_attempts_total");
    }

    private String endpoint(String path) throws Exception {
        return posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url(path) + "\"}")
                .getString("id");
    }

    private String send(String payload) throws Exception {
        return posthorn.json(
                        "POST", "/app/" + app + "/msg", "{\"eventType\":\"invoice.paid\",\"payload\":" + payload + "}")
                .getString("id");
    }

    /** Of the attempts of a message, newest first. */
    private List<Integer> statusCodes(String message) throws Exception {
        JsonArray attempts = posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message, "")
                .getJsonArray("data");
        return attempts.stream()
                .map(one -> ((JsonObject) one).getInteger("responseStatusCode"))
                .toList();
    }

    private static List<ReceivedRequest> awaitRequests(String path, int count) {
        await().atMost(PATIENCE).until(() -> requests(path).size() >= count);
        return requests(path);
    }

    private static List<ReceivedRequest> requests(String path) {
        return receiver.received().stream()
                .filter(one -> one.path().equals(path))
                .toList();
    }
}
