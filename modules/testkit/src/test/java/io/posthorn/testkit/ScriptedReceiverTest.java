package io.posthorn.testkit;

import static io.posthorn.testkit.Futures.failureOf;
import static io.posthorn.testkit.Futures.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptedReceiverTest {
    private Vertx vertx;
    private ScriptedReceiver receiver;
    private HttpClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        receiver = resultOf(ScriptedReceiver.start(vertx));
        client = vertx.createHttpClient();
    }

    @AfterEach
    void stop() {
        resultOf(vertx.close());
    }

    @Test
    void answersAsToldAndKeepsTheBytes() {
        // Given
        receiver.answer("/hooks", Answer.status(503, "retry-after", "7"), Answer.status(204));
        Buffer body = Buffer.buffer(new byte[] {0, (byte) 0xff, 13, 10});

        // When
        HttpClientResponse first = resultOf(post("/hooks", body));
        HttpClientResponse second = resultOf(post("/hooks", body));
        HttpClientResponse untold = resultOf(post("/hooks", body));

        // Then
        assertThat(List.of(first.statusCode(), second.statusCode(), untold.statusCode()))
                .containsExactly(503, 204, 200);
        assertThat(first.getHeader("retry-after")).isEqualTo("7");
        assertThat(receiver.received()).hasSize(3).allSatisfy(request -> {
            assertThat(request.body()).isEqualTo(body);
            assertThat(request.header("webhook-id")).isEqualTo("msg_1");
            assertThat(request.path()).isEqualTo("/hooks");
        });
    }

    @Test
    void tellsWhenSoManyHaveCome() {
        Future<List<ReceivedRequest>> two = receiver.received(2);
        resultOf(post("/a", Buffer.buffer("1")));
        assertThat(two.isComplete()).isFalse();

        resultOf(post("/b", Buffer.buffer("2")));

        assertThat(resultOf(two)).extracting(ReceivedRequest::path).containsExactly("/a", "/b");
        assertThat(resultOf(receiver.received(1))).hasSize(2);
    }

    @Test
    void closesAndTears() {
        receiver.answer("/hooks", new Answer.Closed(), new Answer.Torn());

        Throwable closed = failureOf(post("/hooks", Buffer.buffer()));
        Throwable torn = failureOf(post("/hooks", Buffer.buffer()).compose(HttpClientResponse::body));

        assertThat(closed).hasMessageContaining("closed");
        assertThat(torn).hasMessageContaining("closed");
    }

    @Test
    void floodsToTheLastByte() {
        receiver.answer("/hooks", new Answer.Flood(300_000));

        Buffer body = resultOf(post("/hooks", Buffer.buffer()).compose(HttpClientResponse::body));

        assertThat(body.length()).isEqualTo(300_000);
    }

    @Test
    void dripsByteByByte() {
        receiver.answer("/hooks", new Answer.Drip(Duration.ofMillis(1)));

        Buffer first = resultOf(client.request(HttpMethod.POST, receiver.port(), "127.0.0.1", "/hooks")
                .compose(request -> request.send(Buffer.buffer()).compose(response -> {
                    Promise<Buffer> chunk = Promise.promise();
                    response.handler(chunk::tryComplete);
                    return chunk.future();
                })));

        assertThat(first.toString()).startsWith(".");
    }

    private Future<HttpClientResponse> post(String path, Buffer body) {
        return client.request(HttpMethod.POST, receiver.port(), "127.0.0.1", path)
                .compose(request -> request.putHeader("webhook-id", "msg_1").send(body));
    }
}
