package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Work on many deliveries that a kill -9 interrupts, counted at the receiver. With
 * {@code -Dposthorn.tasks.deliveries=100000} it recovers as many.
 */
@Timeout(3_600)
class TasksST {
    private static final int DELIVERIES = Integer.getInteger("posthorn.tasks.deliveries", 4_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + DELIVERIES / 100);

    /** No circuit keeps deliveries from an endpoint that fails. */
    private static final Map<String, String> EVERY_DELIVERY_FAILS = Map.of("CIRCUIT_BREAKER_FAILURE_THRESHOLD", "0");

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private CountingReceiver receiver;

    @BeforeEach
    void start() {
        receiver = CountingReceiver.start(vertx);
    }

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void recoverGoesOnAfterAKillAndBringsEveryFailedDelivery() throws Exception {
        // Given
        receiver.answer(400);
        Set<String> accepted;
        String endpoint;
        String task;
        String window = "{\"since\":\"" + Instant.now().minus(Duration.ofHours(1)) + "\"}";
        try (PosthornProcess posthorn = PosthornProcess.start(data, EVERY_DELIVERY_FAILS)) {
            endpoint = endpoint(posthorn, new JsonArray());
            accepted = MessageLoad.send(posthorn, endpoint.split("/", -1)[2], DELIVERIES);
            await().atMost(PATIENCE).until(() -> stats(posthorn, endpoint).getInteger("fail") == DELIVERIES);
            receiver.answer(200);

            // When
            task = keyed(posthorn, endpoint + "/recover", window).getString("id");
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> changed(posthorn, task) > 0);
            posthorn.kill();
        }
        try (PosthornProcess posthorn = PosthornProcess.start(data, EVERY_DELIVERY_FAILS)) {
            JsonObject resumed = posthorn.json("GET", "/background-task/" + task, "");
            JsonObject repeated = keyed(posthorn, endpoint + "/recover", window);
            await().atMost(PATIENCE).until(() -> isFinished(posthorn, task));
            await().atMost(PATIENCE).until(() -> stats(posthorn, endpoint).getInteger("success") == DELIVERIES);

            // Then
            assertThat(resumed.getString("status")).isEqualTo("running");
            assertThat(repeated.getString("id")).isEqualTo(task);
            assertThat(changed(posthorn, task)).isEqualTo(DELIVERIES);
            assertThat(receiver.accepted()).isEqualTo(accepted);
            assertThat(stats(posthorn, endpoint).getInteger("fail")).isZero();
            assertThat(posthorn.json("GET", "/background-task?status=running", "")
                            .getJsonArray("data"))
                    .isEmpty();
            assertThat(posthorn.terminate()).isZero();
        }
        assertThat(PosthornCommand.run(Map.of("WEBHOOK_DATA_DIR", data.toString()), "verify")
                        .expect(0)
                        .output())
                .contains("everything agrees");
    }

    @Test
    void cancelEndsWhatWaitsAndReplayBringsWhatTheEndpointNeverGot() throws Exception {
        // Given
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            String endpoint = endpoint(posthorn, new JsonArray().add(3600));
            String application = endpoint.split("/", -1)[2];
            receiver.answer(500);
            Set<String> early = MessageLoad.send(posthorn, application, 20);
            await().atMost(PATIENCE).until(() -> stats(posthorn, endpoint).getInteger("pending") == early.size());

            // When
            String cancel = posthorn.json("POST", endpoint + "/cancel", "").getString("id");
            await().atMost(PATIENCE).until(() -> isFinished(posthorn, cancel));
            receiver.answer(200);
            String late = posthorn.json(
                            "POST", "/app/" + application + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}")
                    .getString("id");
            String replay = posthorn.json(
                            "POST",
                            "/app/" + application + "/endpoint/" + late + "/replay-missing",
                            "{\"since\":\"" + Instant.now().minus(Duration.ofHours(1)) + "\"}")
                    .getString("id");
            await().atMost(PATIENCE).until(() -> isFinished(posthorn, replay));

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(early));
            assertThat(changed(posthorn, replay)).isEqualTo(early.size());
            assertThat(stats(posthorn, endpoint).getInteger("canceled")).isEqualTo(early.size());
            assertThat(changed(posthorn, cancel)).isEqualTo(early.size());
            assertThat(posthorn.terminate()).isZero();
        }
    }

    /** Makes an application with an endpoint of that retry schedule; answers the endpoint's path. */
    private String endpoint(PosthornProcess posthorn, JsonArray schedule) throws Exception {
        String application = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        String id = posthorn.json(
                        "POST",
                        "/app/" + application + "/endpoint",
                        new JsonObject()
                                .put("url", receiver.url())
                                .put("retrySchedule", schedule)
                                .encode())
                .getString("id");
        return "/app/" + application + "/endpoint/" + id;
    }

    private static JsonObject stats(PosthornProcess posthorn, String endpoint) throws Exception {
        return posthorn.json("GET", endpoint + "/stats", "");
    }

    private static long changed(PosthornProcess posthorn, String task) throws Exception {
        return posthorn.json("GET", "/background-task/" + task, "")
                .getJsonObject("data")
                .getLong("changed");
    }

    private static boolean isFinished(PosthornProcess posthorn, String task) throws Exception {
        return posthorn.json("GET", "/background-task/" + task, "")
                .getString("status")
                .equals("finished");
    }

    private static JsonObject keyed(PosthornProcess posthorn, String path, String body) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(posthorn.api() + path))
                                .header("authorization", "Bearer " + posthorn.token())
                                .header("content-type", "application/json")
                                .header("idempotency-key", "recover-1")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return new JsonObject(answer.body());
    }
}
