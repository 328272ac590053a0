package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON Schemas of event types and dry runs, through the packaged program. */
class SchemaST {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SCHEMA =
            "{\"type\":\"object\",\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"integer\",\"minimum\":1}}}";

    @TempDir
    static Path data;

    private static Vertx vertx;
    private static PosthornProcess posthorn;
    private static ScriptedReceiver receiver;
    private static int tests;

    private String app;
    private String eventType;

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
        tests++;
        eventType = "paid." + tests;
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
    }

    @Test
    void onlyPayloadsThatFitTheSchemaAreStoredAndDelivered() throws Exception {
        // Given
        posthorn.json("POST", "/event-type", eventTypeBody(SCHEMA));
        endpoint("/fits", "");

        // When
        HttpResponse<String> refused = send("{\"amount\":0}");
        HttpResponse<String> accepted = send("{ \"amount\": 5 }");

        // Then
        assertThat(refused.statusCode()).isEqualTo(422);
        JsonObject problem =
                new JsonObject(refused.body()).getJsonArray("detail").getJsonObject(0);
        assertThat(problem.getJsonArray("loc")).containsExactly("body", "payload", "amount");
        assertThat(problem.getString("msg")).startsWith("/amount: ").contains("minimum value of 1");
        assertThat(accepted.statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> !requests("/fits").isEmpty());
        assertThat(requests("/fits").get(0).body().toString()).isEqualTo("{ \"amount\": 5 }");
        assertThat(posthorn.json("GET", "/app/" + app + "/msg", "").getJsonArray("data"))
                .hasSize(1);
    }

    @Test
    void aChangedSchemaActsOnTheFirstMessageAfterItsAcknowledgement() throws Exception {
        // Given
        String number = "{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"number\"}}}";
        String text = "{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"string\"}}}";
        assertThat(send("{\"v\":true}").statusCode()).isEqualTo(202);
        posthorn.json("POST", "/event-type", eventTypeBody(number));

        // Then
        for (int round = 0; round < 3; round++) {
            assertThat(send("{\"v\":\"one\"}").statusCode()).isEqualTo(422);
            assertThat(send("{\"v\":1}").statusCode()).isEqualTo(202);
            change(text);
            assertThat(send("{\"v\":1}").statusCode()).isEqualTo(422);
            assertThat(send("{\"v\":\"one\"}").statusCode()).isEqualTo(202);
            change(number);
        }
        assertThat(posthorn.call("DELETE", "/event-type/" + eventType + "?expunge=true", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(send("{\"v\":true}").statusCode()).isEqualTo(202);
    }

    @Test
    void aSchemaChangedAtOneNodeActsAtAnotherWhenItIsAcknowledged() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                PosthornProcess one = PosthornProcess.start(data.resolve("one"), settings(redis));
                PosthornProcess other = PosthornProcess.start(data.resolve("other"), settings(redis))) {
            // Given
            String path =
                    "/app/" + one.json("POST", "/app", "{\"name\":\"One\"}").getString("id") + "/msg";
            assertThat(other.call("POST", path, message("{}")).statusCode()).isEqualTo(202);

            // Then: nobody tells the other node of the change
            for (String required : List.of("a", "b", "c")) {
                String schema = "{\"required\":[\"" + required + "\"]}";
                JsonObject changed = one.json("PUT", "/event-type/" + eventType, eventTypeBody(schema));
                assertThat(changed.getString("name")).isEqualTo(eventType);
                assertThat(other.call("POST", path, message("{}")).statusCode()).isEqualTo(422);
                assertThat(other.call("POST", path, message("{\"" + required + "\":1}"))
                                .statusCode())
                        .isEqualTo(202);
            }
        }
    }

    private static Map<String, String> settings(RedisProcess redis) {
        return Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url());
    }

    @Test
    void aSchemaThatCannotBeUsedIsRefusedWithItsPlace() throws Exception {
        for (String schema : List.of(
                "{\"type\":\"text\"}",
                "{\"pattern\":\"(?=x)\"}",
                "{\"$ref\":\"https://example.com/schema.json\"}",
                "{\"$ref\":\"#\"}",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}")) {
            HttpResponse<String> refused = posthorn.call("POST", "/event-type", eventTypeBody(schema));
            assertThat(refused.statusCode()).as(schema).isEqualTo(422);
            JsonArray place = new JsonObject(refused.body())
                    .getJsonArray("detail")
                    .getJsonObject(0)
                    .getJsonArray("loc");
            assertThat(place.stream().map(String::valueOf)).as(schema).startsWith("body", "schemas", "1");
        }
    }

    @Test
    void aDryRunSaysWhoWouldReceiveAndStoresNothing() throws Exception {
        // Given
        posthorn.json("POST", "/event-type", eventTypeBody(SCHEMA));
        endpoint("/dry", ",\"uid\":\"all\"");
        endpoint("/dry", ",\"uid\":\"off\",\"disabled\":true");
        endpoint("/dry", ",\"uid\":\"eu\",\"channels\":[\"eu\"]");
        String body = message("{\"amount\":5}");

        // When
        JsonObject answer = posthorn.json("POST", "/app/" + app + "/msg?dryRun=true", body);

        // Then
        JsonArray endpoints = answer.getJsonArray("endpoints");
        assertThat(endpoints.stream()
                        .map(one -> ((JsonObject) one).getString("uid")
                                + ((JsonObject) one).getJsonArray("reasons").encode()))
                .containsExactlyInAnyOrder("all[]", "off[\"disabled\"]", "eu[\"channels\"]");
        assertThat(posthorn.json("GET", "/app/" + app + "/msg", "").getJsonArray("data"))
                .isEmpty();
        assertThat(posthorn.call("POST", "/app/" + app + "/msg?dryRun=true", message("{\"amount\":0}"))
                        .statusCode())
                .isEqualTo(422);
        assertThat(send("{\"amount\":5}").statusCode()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> !requests("/dry").isEmpty());
        assertThat(requests("/dry")).hasSize(1);
    }

    @Test
    void aHostileSchemaAndPayloadEndAndOthersAreServed() throws Exception {
        // Given
        String twice =
                "{\"$defs\":{\"n\":{\"properties\":{\"x\":{\"allOf\":[{\"$ref\":\"#/$defs/n\"},{\"$ref\":\"#/$defs/n\"}]}}}},"
                        + "\"$ref\":\"#/$defs/n\",\"properties\":{\"t\":{\"pattern\":\"^(a|aa)+$\"}}}";
        posthorn.json("POST", "/event-type", eventTypeBody(twice));

        // When
        HttpResponse<String> deep = send("{\"x\":".repeat(60) + "{}" + "}".repeat(60));
        HttpResponse<String> longText = send("{\"t\":\"" + "a".repeat(100_000) + "!\"}");

        // Then
        assertThat(deep.statusCode()).as(deep.body()).isIn(422, 503);
        assertThat(longText.statusCode()).as(longText.body()).isEqualTo(422);
        assertThat(posthorn.call("POST", "/app/" + app + "/msg", "{\"eventType\":\"other\",\"payload\":{}}")
                        .statusCode())
                .isEqualTo(202);
    }

    private String eventTypeBody(String schema) {
        return "{\"name\":\"" + eventType + "\",\"description\":\"\",\"schemas\":{\"1\":" + schema + "}}";
    }

    private void change(String schema) throws Exception {
        JsonObject changed = posthorn.json("PUT", "/event-type/" + eventType, eventTypeBody(schema));
        assertThat(changed.getJsonObject("schemas").getJsonObject("1")).isEqualTo(new JsonObject(schema));
    }

    private String message(String payload) {
        return "{\"eventType\":\"" + eventType + "\",\"payload\":" + payload + "}";
    }

    private HttpResponse<String> send(String payload) throws Exception {
        return posthorn.call("POST", "/app/" + app + "/msg", message(payload));
    }

    private void endpoint(String path, String more) throws Exception {
        String body = "{\"url\":\"" + receiver.url(path) + "\"" + more + "}";
        assertThat(posthorn.json("POST", "/app/" + app + "/endpoint", body).getString("id"))
                .startsWith("ep_");
    }

    private static List<ReceivedRequest> requests(String path) {
        return receiver.received().stream()
                .filter(request -> request.path().equals(path))
                .toList();
    }
}
