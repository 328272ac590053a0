package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Answer;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receivers that misbehave in every way end as a visible attempt each, and cost neither memory nor the others' time. */
class HostileReceiversST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FLOODS = 10;
    private static final long FLOOD_BYTES = 100L << 20;

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
        posthorn = PosthornProcess.start(data, Map.of("WEBHOOK_DEFAULT_TIMEOUT", "2", "WEBHOOK_RETRY_SCHEDULE", "1"));
    }

    @AfterAll
    static void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @BeforeEach
    void application() throws Exception {
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
    }

    @Test
    void receiverThatNeverAnswersIsCutAtTheDeadline() throws Exception {
        // Given
        receiver.answer("/silent", new Answer.Silence(), new Answer.Silence());
        endpoint(receiver.url("/silent"));

        // When
        List<JsonObject> attempts = attemptsOf(send(), 2);

        // Then
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.getInteger("responseStatusCode")).isZero();
            assertThat(attempt.getString("response")).contains("timeout");
            assertThat(attempt.getLong("responseDurationMs")).isBetween(1_900L, 10_000L);
        });
    }

    @Test
    void bodyThatDripsIsCutAtTheSameDeadline() throws Exception {
        // Given
        Answer drip = new Answer.Drip(Duration.ofMillis(100));
        receiver.answer("/drips", drip, drip);
        endpoint(receiver.url("/drips"));

        // When
        List<JsonObject> attempts = attemptsOf(send(), 2);

        // Then
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.getString("statusText")).isEqualTo("fail");
            assertThat(attempt.getLong("responseDurationMs")).isBetween(1_900L, 10_000L);
        });
    }

    @Test
    void hugeBodiesAreCutAndKeepTheHeapFlat() throws Exception {
        // Given: more bytes at once than four of the process's heaps
        Answer[] floods = new Answer[FLOODS];
        Arrays.fill(floods, new Answer.Flood(FLOOD_BYTES));
        receiver.answer("/floods", floods);
        endpoint(receiver.url("/floods"));

        // When
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < FLOODS; i++) {
            messages.add(send());
        }

        // Then
        for (String message : messages) {
            JsonObject attempt = attemptsOf(message, 1).get(0);
            assertThat(attempt.getInteger("responseStatusCode")).isEqualTo(200);
            assertThat(attempt.getString("response").length()).isLessThanOrEqualTo(32 * 1024);
        }
        assertThat(posthorn.output()).noneMatch(line -> line.contains("OutOfMemory"));
    }

    @Test
    void tornAndMissingAnswersFail() throws Exception {
        // Given
        receiver.answer("/torn", new Answer.Torn(), new Answer.Closed());
        endpoint(receiver.url("/torn"));

        // When
        List<JsonObject> attempts = attemptsOf(send(), 2);

        // Then
        assertThat(attempts)
                .allSatisfy(
                        attempt -> assertThat(attempt.getString("statusText")).isEqualTo("fail"));
    }

    @Test
    void pauseThatTheReceiverAsksForIsKept() throws Exception {
        // Given
        receiver.answer("/busy", Answer.status(503, "retry-after", "3"), Answer.status(200));
        endpoint(receiver.url("/busy"));

        // When
        List<JsonObject> attempts = attemptsOf(send(), 2);

        // Then
        Instant second = Instant.parse(attempts.get(0).getString("timestamp"));
        Instant first = Instant.parse(attempts.get(1).getString("timestamp"));
        assertThat(attempts.get(0).getInteger("responseStatusCode")).isEqualTo(200);
        assertThat(Duration.between(first, second)).isGreaterThanOrEqualTo(Duration.ofMillis(2_900));
    }

    @Test
    void certificateThatNobodyVouchesForIsRefused() throws Exception {
        // Given
        SelfSignedCertificate certificate = SelfSignedCertificate.create("127.0.0.1");
        List<String> seen = new ArrayList<>();
        HttpServer server = Futures.resultOf(vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions()))
                .requestHandler(request -> {
                    seen.add(request.path());
                    request.response().end();
                })
                .listen(0, "127.0.0.1"));
        endpoint("https://127.0.0.1:" + server.actualPort() + "/tls");

        // When
        List<JsonObject> attempts = attemptsOf(send(), 2);

        // Then
        assertThat(attempts)
                .allSatisfy(attempt ->
                        assertThat(attempt.getInteger("responseStatusCode")).isZero());
        assertThat(attempts.get(0).getString("response")).contains("TLS");
        assertThat(seen).isEmpty();
        certificate.delete();
    }

    private void endpoint(String url) throws Exception {
        JsonObject made = posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + url + "\"}");
        assertThat(made.getString("url")).isEqualTo(url);
    }

    private String send() throws Exception {
        return posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"invoice.paid\",\"payload\":{}}")
                .getString("id");
    }

    /** The attempts of a message, newest first, once there are so many. */
    private List<JsonObject> attemptsOf(String message, int count) {
        return await().atMost(PATIENCE).until(() -> attempts(message), found -> found.size() >= count);
    }

    private List<JsonObject> attempts(String message) throws Exception {
        JsonArray attempts = posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message, "")
                .getJsonArray("data");
        return attempts.stream().map(JsonObject.class::cast).toList();
    }
}
