package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AppendOutcome;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.contract.Problem;
import io.posthorn.contract.Requests;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageApiTest extends ApiTestBase {
    private static final String ODD_PAYLOAD =
            "{ \"n\" : 1.0e5 , \"t\":\"\\u00e9 é\",  \"z\":null,\"n\":12345678901234567890.10 }";

    @BeforeEach
    void makeApplication() throws Exception {
        application("u");
    }

    @Test
    void thePayloadIsStoredAndEchoedByteForByte() throws Exception {
        // When
        Answer answer = post(
                        "/app/u/msg",
                        "{\"eventType\":\"t\",\"eventId\":\"e1\",\"channels\":[\"b\",\"a\"],\"payload\":" + ODD_PAYLOAD
                                + "}")
                .expect(202);

        // Then
        assertThat(storage.appended.get(0).payload().toString()).isEqualTo(ODD_PAYLOAD);
        assertThat(answer.text()).endsWith("\"payload\":" + ODD_PAYLOAD + "}");
        assertThat(answer.json().getString("id")).startsWith("msg_");
        assertThat(answer.json().getString("eventId")).isEqualTo("e1");
        assertThat(answer.json().getJsonArray("channels"))
                .isEqualTo(new JsonArray().add("a").add("b"));
        assertThat(get("/app/u/msg/e1").expect(200).text()).isEqualTo(answer.text());
        assertThat(get("/app/u/msg").expect(200).text()).contains(ODD_PAYLOAD);
    }

    @Test
    void withoutContentThePayloadIsEmpty() throws Exception {
        JsonObject made = post("/app/u/msg?with_content=false", "{\"eventType\":\"t\",\"payload\":{\"a\":1}}")
                .expect(202)
                .json();
        assertThat(made.getJsonObject("payload")).isEqualTo(new JsonObject());
        assertThat(made.getValue("channels")).isNull();
        assertThat(get("/app/u/msg/" + made.getString("id") + "?with_content=false")
                        .json()
                        .getJsonObject("payload"))
                .isEmpty();
    }

    @Test
    void aRawPayloadThatIsNotJsonKeepsTheAnswerJson() throws Exception {
        JsonObject made = post(
                        "/app/u/msg",
                        "{\"eventType\":\"t\",\"payload\":{},\"transformationsParams\":{\"rawPayload\":\"<x/>\"}}")
                .expect(202)
                .json();
        assertThat(storage.appended.get(0).payload().toString()).isEqualTo("<x/>");
        assertThat(made.getJsonObject("payload").getBoolean("expired")).isTrue();
    }

    @Test
    void aPayloadIsHeldAgainstTheSchemaOfItsEventTypeBeforeAnythingIsStored() throws Exception {
        // Given
        String body = "{\"eventType\":\"t\",\"payload\":{\"a\":1}}";
        neighbours.schemaDue = true;
        neighbours.payloadProblems =
                List.of(new Problem(List.of("body", "payload", "a"), "/a: string expected", "value_error.jsonschema"));

        // When
        JsonObject refused = post("/app/u/msg", body).expect(422).json();

        // Then
        assertThat(refused.getJsonArray("detail").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("loc", new JsonArray().add("body").add("payload").add("a"))
                        .put("msg", "/a: string expected")
                        .put("type", "value_error.jsonschema"));
        assertThat(storage.appended).isEmpty();
        assertThat(neighbours.payloads.get(0).payload().toString()).isEqualTo("{\"a\":1}");
        neighbours.payloadProblems = List.of();
        post("/app/u/msg", body).expect(202);
    }

    @Test
    void aMessageWhoseEventTypeHasNoSchemaNeedsNoFurtherRequest() throws Exception {
        post("/app/u/msg", "{\"eventType\":\"t\",\"payload\":{\"a\":1}}").expect(202);
        assertThat(neighbours.payloads).isEmpty();
    }

    @Test
    void outcomesBecomeStatuses() throws Exception {
        String body = "{\"eventType\":\"t\",\"eventId\":\"e\",\"payload\":{}}";
        post("/app/u/msg", body).expect(202);
        assertThat(post("/app/u/msg", body).expect(409).json().getString("code"))
                .isEqualTo("conflict");
        post("/app/none/msg", "{\"eventType\":\"t\",\"payload\":{}}").expect(404);
        assertThat(post("/app/u/msg", "{\"payload\":{}}")
                        .expect(422)
                        .json()
                        .getJsonArray("detail")
                        .getJsonObject(0)
                        .getJsonArray("loc"))
                .containsExactly("body", "eventType");
        assertThat(post("/app/u/msg", "nonsense").expect(422).text()).contains("jsondecode");
        post("/app/u/msg", null).expect(422);
    }

    @Test
    void aRepeatedRequestMakesOneMessage() throws Exception {
        String body = "{\"eventType\":\"t\",\"payload\":{}}";
        Answer first = send(request("POST", "/api/v1/app/u/msg", body).header("Idempotency-Key", "auto_1"))
                .expect(202);
        assertThat(send(request("POST", "/api/v1/app/u/msg", body).header("Idempotency-Key", "auto_1"))
                        .expect(202)
                        .text())
                .isEqualTo(first.text());
        send(request("POST", "/api/v1/app/u/msg", body + " ").header("Idempotency-Key", "auto_1"))
                .expect(422);
        assertThat(storage.messages).hasSize(1);
    }

    @Test
    void anInlineApplicationIsMadeWhenThereIsNone() throws Exception {
        post("/app/new/msg", "{\"eventType\":\"t\",\"application\":{\"name\":\"N\",\"uid\":\"new\"},\"payload\":{}}")
                .expect(202);
        get("/app/new").expect(200);
        post("/app/u/msg", "{\"eventType\":\"t\",\"application\":{\"name\":\"N\",\"uid\":\"u\"},\"payload\":{}}")
                .expect(202);
        assertThat(post(
                                "/app/x/msg",
                                "{\"eventType\":\"t\",\"application\":{\"name\":\"N\",\"uid\":\"y\"},\"payload\":{}}")
                        .expect(422)
                        .text())
                .contains("application_uid_mismatch");
        assertThat(post("/app/x/msg", "{\"eventType\":\"t\",\"application\":{\"name\":\"N\"},\"payload\":{}}")
                        .expect(422)
                        .text())
                .contains("application_uid_missing");
    }

    @Test
    void anApplicationThatOnlyTheSharedStoreMayKnowIsNeitherMissingNorMade() throws Exception {
        storage.ofUnknownApplication = new AppendOutcome.NotNow();
        post("/app/far/msg", "{\"eventType\":\"t\",\"payload\":{}}").expect(503);
        post("/app/far/msg", "{\"eventType\":\"t\",\"application\":{\"name\":\"N\",\"uid\":\"far\"},\"payload\":{}}")
                .expect(503);
        get("/app/far").expect(404);
    }

    @Test
    void beyondTheLimitOfPendingMessagesItSaysWhenToComeBack() throws Exception {
        // Given: as many as may be wait for storage
        storage.hold = Promise.promise();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(client.sendAsync(
                    request("POST", "/api/v1/app/u/msg", "{\"eventType\":\"t\",\"payload\":{}}")
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        while (gate.pending() < 3) {
            Thread.onSpinWait();
        }

        // When
        Answer refused =
                post("/app/u/msg", "{\"eventType\":\"t\",\"payload\":{}}").expect(503);

        // Then
        assertThat(refused.json().getString("code")).isEqualTo("overloaded");
        assertThat(refused.response().headers().firstValue("retry-after")).hasValue("1");
        storage.hold.complete();
        for (CompletableFuture<HttpResponse<String>> one : waiting) {
            assertThat(one.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
        storage.hold = null;
        post("/app/u/msg", "{\"eventType\":\"t\",\"payload\":{}}").expect(202);
        assertThat(registry.counter("posthorn.messages.accepted").count()).isEqualTo(4);
        assertThat(registry.counter("posthorn.requests.rejected", "code", "overloaded")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatMayPassIsA503() throws Exception {
        storage.failure = new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the disk is full");
        Answer refused =
                post("/app/u/msg", "{\"eventType\":\"t\",\"payload\":{}}").expect(503);
        assertThat(refused.json().encode())
                .isEqualTo("{\"code\":\"store_unavailable\",\"detail\":\"the disk is full\"}");
        assertThat(refused.response().headers().firstValue("retry-after")).isPresent();
        assertThat(gate.pending()).isZero();
    }

    @Test
    void stopAnswersWhatItHas() throws Exception {
        // Given
        storage.hold = Promise.promise();
        CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(
                request("POST", "/api/v1/app/u/msg", "{\"eventType\":\"t\",\"payload\":{}}")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        while (storage.batchSizes.isEmpty()) {
            Thread.onSpinWait();
        }

        // When
        var stopped = vertx.undeploy(deploymentId);
        storage.hold.complete();

        // Then
        assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        await(stopped);
    }

    @Test
    void listsWithFilters() throws Exception {
        message("u", "a");
        message("u", "b");
        message("u", "c");
        assertThat(get("/app/u/msg?event_types=a%2Cb").json().getJsonArray("data"))
                .hasSize(2);
        assertThat(get("/app/u/msg?event_types=a&event_types=b").json().getJsonArray("data"))
                .hasSize(2);
        assertThat(get("/app/u/msg?event_types%5B%5D=a&event_types%5B1%5D=c")
                        .json()
                        .getJsonArray("data"))
                .hasSize(2);
        JsonObject page = get("/app/u/msg?limit=2").json();
        assertThat(page.getJsonArray("data")).hasSize(2);
        assertThat(page.getBoolean("done")).isFalse();
        assertThat(get("/app/u/msg?iterator=" + page.getString("iterator"))
                        .json()
                        .getJsonArray("data"))
                .hasSize(1);
        get("/app/u/msg?before=never").expect(422);
    }

    @Test
    void expungesContent() throws Exception {
        String id = message("u", "t");
        call("DELETE", "/app/u/msg/" + id + "/content", null).expect(204);
        assertThat(storage.expunged).hasSize(1).first().isInstanceOf(Requests.ExpungeMessage.class);
        get("/app/u/msg/none").expect(404);
    }
}
