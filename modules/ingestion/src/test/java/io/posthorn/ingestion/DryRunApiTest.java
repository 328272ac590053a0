package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DryRunApiTest extends ApiTestBase {
    private static final String PATH = "/app/u/msg?dryRun=true";
    private static final String BODY =
            "{\"eventType\":\"paid\",\"eventId\":\"e1\",\"channels\":[\"eu\"],\"payload\":{\"a\":1}}";

    @BeforeEach
    void makeApplicationWithEndpoints() throws Exception {
        application("u");
        post("/event-type", "{\"name\":\"paid\",\"description\":\"\"}").expect(201);
        post("/event-type", "{\"name\":\"other\",\"description\":\"\"}").expect(201);
        make("all", "");
        make("of-type", ",\"eventTypes\":[\"paid\",\"other\"]");
        make("of-channel", ",\"channels\":[\"eu\",\"us\"]");
        make("off", ",\"disabled\":true");
        make("other-type", ",\"eventTypes\":[\"other\"]");
        make("other-channel", ",\"channels\":[\"us\"]");
        make("nothing-fits", ",\"disabled\":true,\"eventTypes\":[\"other\"],\"channels\":[\"us\"]");
    }

    private void make(String uid, String more) throws Exception {
        post("/app/u/endpoint", "{\"url\":\"https://example.com/" + uid + "\",\"uid\":\"" + uid + "\"" + more + "}")
                .expect(201);
    }

    @Test
    void saysWhichEndpointsWouldReceiveItAndWhyOthersWouldNot() throws Exception {
        // When
        JsonObject answer = post(PATH, BODY).expect(200).json();

        // Then
        Map<String, List<?>> reasons = new HashMap<>();
        for (Object item : answer.getJsonArray("endpoints")) {
            JsonObject endpoint = (JsonObject) item;
            List<?> told = endpoint.getJsonArray("reasons").getList();
            assertThat(endpoint.getBoolean("wouldReceive")).isEqualTo(told.isEmpty());
            reasons.put(endpoint.getString("uid"), told);
        }
        assertThat(reasons)
                .isEqualTo(Map.of(
                        "all", List.of(),
                        "of-type", List.of(),
                        "of-channel", List.of(),
                        "off", List.of("disabled"),
                        "other-type", List.of("event_type"),
                        "other-channel", List.of("channels"),
                        "nothing-fits", List.of("disabled", "event_type", "channels")));
        assertThat(answer.getJsonObject("message"))
                .isEqualTo(new JsonObject()
                        .put("eventType", "paid")
                        .put("eventId", "e1")
                        .put("channels", new JsonArray().add("eu"))
                        .put("payloadBytes", 7)
                        .put("payloadRetentionPeriod", 90));
        assertThat(answer.getBoolean("done")).isTrue();
    }

    @Test
    void storesAndCountsNothing() throws Exception {
        // When
        post(PATH, BODY).expect(200);

        // Then
        assertThat(storage.appended).isEmpty();
        assertThat(registry.get("posthorn.messages.accepted").counter().count()).isZero();
        post("/app/u/msg", BODY).expect(202);
        assertThat(registry.get("posthorn.messages.accepted").counter().count()).isEqualTo(1);
    }

    @Test
    void tellsAPageOfEndpointsAtATime() throws Exception {
        // When
        JsonObject first = post(PATH + "&limit=3", BODY).expect(200).json();
        JsonObject second = post(PATH + "&limit=250&iterator=" + first.getString("iterator"), BODY)
                .expect(200)
                .json();

        // Then
        assertThat(first.getJsonArray("endpoints")).hasSize(3);
        assertThat(first.getBoolean("done")).isFalse();
        assertThat(second.getJsonArray("endpoints")).hasSize(4);
        assertThat(second.getBoolean("done")).isTrue();
        post(PATH + "&limit=251", BODY).expect(422);
    }

    @Test
    void failsAsTheMessageItselfWould() throws Exception {
        post(PATH, "{\"payload\":{}}").expect(422);
        post("/app/none/msg?dryRun=true", BODY).expect(404);
        post("/app/u/msg?dryRun=maybe", BODY).expect(422);
        post("/app/u/msg", BODY).expect(202);
        assertThat(post(PATH, BODY).expect(409).text()).contains("e1");
        neighbours.schemaDue = true;
        neighbours.payloadProblems =
                List.of(new Problem(List.of("body", "payload", "a"), "/a: wrong", "value_error.jsonschema"));
        assertThat(post(PATH, BODY.replace("e1", "e2")).expect(422).text()).contains("/a: wrong");
    }

    @Test
    void anApplicationThatTheMessageWouldMakeIsCheckedAndNotMade() throws Exception {
        // Given
        String inline =
                BODY.replace("{\"eventType\"", "{\"application\":{\"name\":\"New\",\"uid\":\"new\"},\"eventType\"");

        // When
        JsonObject answer = post("/app/new/msg?dryRun=true", inline).expect(200).json();

        // Then
        assertThat(answer.getValue("applicationId")).isNull();
        assertThat(answer.getJsonArray("endpoints")).isEmpty();
        get("/app/new").expect(404);
        assertThat(post("/app/newer/msg?dryRun=true", inline).expect(422).text())
                .contains("application_uid_mismatch");
    }
}
