package io.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Vertx vertx = Vertx.vertx();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String answer = answer().encode();
    private String url = "";

    @BeforeEach
    void startNode() throws Exception {
        HttpServer node = vertx.createHttpServer().requestHandler(request -> {
            requests.add(request.method() + " " + request.path());
            boolean known = "Bearer t".equals(request.getHeader("authorization"));
            request.response()
                    .setStatusCode(known ? 200 : 401)
                    .end(known ? answer : "{\"code\":\"authentication_failed\"}");
        });
        int port = node.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        url = "http://127.0.0.1:" + port;
    }

    @AfterEach
    void stop() throws Exception {
        Object unused = vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(unused).isNull();
    }

    private static JsonObject answer() {
        return new JsonObject()
                .put("msgId", "msg_1")
                .put("endpointId", "ep_1")
                .put("at", "2030-01-01T00:00:00Z")
                .put("state", "waiting")
                .put("since", "2029-12-31T00:00:00Z")
                .put("dueAt", "2030-01-01T00:00:00Z")
                .put("waitsFor", new JsonObject().put("cause", "receiver_busy").put("until", "2030-01-01T00:01:00Z"))
                .put(
                        "position",
                        new JsonObject()
                                .put("class", "retry")
                                .put("trigger", "scheduled")
                                .put("before", 1_000)
                                .put("more", true))
                .putNull("inFlight")
                .put(
                        "queue",
                        new JsonObject()
                                .put("waiting", 5_000)
                                .put("inFlight", 3)
                                .put("inFlightLimit", 8)
                                .put("cause", "receiver_busy")
                                .put("until", "2030-01-01T00:01:00Z"))
                .put(
                        "retryPolicy",
                        new JsonObject()
                                .put("ofEndpoint", true)
                                .put("delaySeconds", new JsonArray().add(5.0).add(0.5))
                                .put("jitter", 0.2))
                .put("attemptCount", 1)
                .put(
                        "attempts",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("id", "atmpt_1")
                                        .put("number", 1)
                                        .put("trigger", "scheduled")
                                        .put("timestamp", "2029-12-31T00:00:00Z")
                                        .put("responseStatusCode", 503)
                                        .put("responseDurationMs", 12)
                                        .put("succeeded", false)))
                .putNull("whyEnded")
                .put("next", "It is sent later.");
    }

    @Test
    void printsAllThatIsKnownOfADelivery() {
        int code = run("explain", "my app", "msg_1", "ep_1", "--url", url, "--token", "t");

        assertThat(code).isZero();
        assertThat(requests).containsExactly("GET /api/v1/app/my%20app/msg/msg_1/endpoint/ep_1/explain");
        assertThat(out.toString().lines())
                .containsExactly(
                        "msg_1 to ep_1 at 2030-01-01T00:00:00Z",
                        "  state      waiting since 2029-12-31T00:00:00Z",
                        "  waits for  receiver_busy until 2030-01-01T00:01:00Z",
                        "  due        2030-01-01T00:00:00Z",
                        "  position   more than 1000 before it, among retries",
                        "  endpoint   5000 waiting, 3 of 8 in flight; its queue: receiver_busy until"
                                + " 2030-01-01T00:01:00Z",
                        "  retries    after 5, 0.5 s, spread by 20 % (the endpoint's own)",
                        "  attempts   1",
                        "    1  2029-12-31T00:00:00Z  status 503  12 ms  scheduled",
                        "  next       It is sent later.");
    }

    @Test
    void printsTheAnswerOfTheApiWhereAsked() {
        int code = run("explain", "a", "m", "e", "--url", url, "--token", "t", "--json");

        assertThat(code).isZero();
        assertThat(new JsonObject(out.toString())).isEqualTo(answer());
    }

    @Test
    void nodeThatRefusesOrIsNoPosthornEndsItWith1() {
        int refused = run("explain", "a", "m", "e", "--url", url, "--token", "wrong");
        answer = "{\"something\":1}";
        int stranger = run("explain", "a", "m", "e", "--url", url, "--token", "t");

        assertThat(refused).isEqualTo(1);
        assertThat(stranger).isEqualTo(1);
        assertThat(err.toString()).contains("answered 401: ", "does not answer as this version");
    }

    @Test
    void wrongCommandLinesEndItWith2AndNameWhatIsWrong() {
        assertThat(run("explain", "a", "m", "--url", url, "--token", "t")).isEqualTo(2);
        assertThat(run("explain", "a", "m", "e", "--token", "t")).isEqualTo(2);
        assertThat(run("explain", "a", "m", "e", "--url", url)).isEqualTo(2);
        assertThat(run("explain", "a", "m", "e", "--url", "localhost:1", "--token", "t"))
                .isEqualTo(2);
        assertThat(run("explain", "a", "..", "e", "--url", url, "--token", "t")).isEqualTo(2);
        assertThat(err.toString()).contains("ENDPOINT", "--url", "--token", "MSG: '..'");
        assertThat(requests).isEmpty();
    }

    private int run(String... arguments) {
        return Main.run(
                new Surroundings(Map.of(), Map.of(), new PrintWriter(out, true), new PrintWriter(err, true)),
                arguments);
    }
}
