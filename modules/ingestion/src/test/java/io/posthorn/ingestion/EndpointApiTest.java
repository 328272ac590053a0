package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Endpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointApiTest extends ApiTestBase {
    private String path;

    @BeforeEach
    void makeApplication() throws Exception {
        path = "/app/" + application("u") + "/endpoint";
    }

    @Test
    void acceptsAndWritesTheShapesOfBothClientGenerations() throws Exception {
        // Given
        post("/event-type", "{\"name\":\"a\",\"description\":\"\"}").expect(201);
        post("/event-type", "{\"name\":\"b\",\"description\":\"\"}").expect(201);

        // When
        JsonObject old = post(
                        path,
                        "{\"url\":\"https://example.com\",\"version\":1,\"filterTypes\":[\"b\",\"a\"],\"rateLimit\":5}")
                .expect(201)
                .json();
        JsonObject young = post(
                        path, "{\"url\":\"https://example.com\",\"eventTypes\":[\"a\",\"b\"],\"throttleRate\":5}")
                .expect(201)
                .json();

        // Then
        for (JsonObject endpoint : new JsonObject[] {old, young}) {
            assertThat(endpoint.getJsonArray("eventTypes"))
                    .isEqualTo(new JsonArray().add("a").add("b"));
            assertThat(endpoint.getJsonArray("filterTypes")).isEqualTo(endpoint.getJsonArray("eventTypes"));
            assertThat(endpoint.getInteger("throttleRate")).isEqualTo(5);
            assertThat(endpoint.getInteger("rateLimit")).isEqualTo(5);
            assertThat(endpoint.getInteger("version")).isEqualTo(1);
            assertThat(endpoint.containsKey("channels")).isTrue();
            assertThat(endpoint.getString("id")).startsWith("ep_");
        }
    }

    @Test
    void refusesEventTypesThatDoNotExistOrAreArchived() throws Exception {
        // Given
        post("/event-type", "{\"name\":\"gone\",\"description\":\"\",\"archived\":true}")
                .expect(201);
        post("/event-type", "{\"name\":\"here\",\"description\":\"\"}").expect(201);

        // When
        String refused = post(path, "{\"url\":\"https://example.com\",\"eventTypes\":[\"gone\",\"here\",\"mispelt\"]}")
                .expect(422)
                .json()
                .encode();
        String made = post(path, "{\"url\":\"https://example.com\",\"eventTypes\":[\"here\"]}")
                .expect(201)
                .json()
                .getString("id");

        // Then
        assertThat(refused)
                .contains("no event type gone", "no event type mispelt")
                .doesNotContain("type here");
        call("PATCH", path + "/" + made, "{\"eventTypes\":[\"here\",\"other\"]}")
                .expect(422);
        call("PATCH", path + "/" + made, "{\"description\":\"x\"}").expect(200);
    }

    @Test
    void keepsHeadersAndRetryScheduleOfItsOwn() throws Exception {
        JsonObject made = post(
                        path, "{\"url\":\"https://example.com\",\"headers\":{\"X-A\":\"1\"},\"retrySchedule\":[1,60]}")
                .expect(201)
                .json();
        Endpoint stored = storage.endpoint(made.getString("id"));
        assertThat(stored.headers()).containsEntry("X-A", "1");
        assertThat(stored.sending().retryPolicy().delays())
                .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(60));
        assertThat(made.getJsonArray("retrySchedule"))
                .isEqualTo(new JsonArray().add(1).add(60));
        post(path, "{\"url\":\"https://example.com\",\"retrySchedule\":[-1]}").expect(422);
    }

    @Test
    void refusesWhatIsNotAnEndpoint() throws Exception {
        JsonArray detail = post(
                        path, "{\"eventTypes\":[],\"channels\":[1],\"disabled\":\"no\",\"secret\":\"whsec_c2hvcnQ=\"}")
                .expect(422)
                .json()
                .getJsonArray("detail");
        assertThat(detail.stream()
                        .map(item -> ((JsonObject) item).getJsonArray("loc").encode()))
                .containsExactlyInAnyOrder(
                        "[\"body\",\"url\"]",
                        "[\"body\",\"eventTypes\"]",
                        "[\"body\",\"channels\",\"[0]\"]",
                        "[\"body\",\"channels\"]",
                        "[\"body\",\"disabled\"]",
                        "[\"body\",\"secret\"]");
        assertThat(post(path, "[1]").expect(422).json().getJsonArray("detail")).hasSize(1);
        assertThat(post(path, "{").expect(422).text()).contains("value_error.jsondecode");
        post("/app/unknown/endpoint", "{\"url\":\"https://example.com\"}").expect(404);
    }

    @Test
    void patchAndPutChangeWhatTheySay() throws Exception {
        // Given
        String one = path + "/"
                + post(
                                path,
                                "{\"url\":\"https://example.com\",\"uid\":\"e\",\"description\":\"d\",\"channels\":[\"c\"],\"headers\":{\"X-A\":\"1\"}}")
                        .expect(201)
                        .json()
                        .getString("id");

        // When
        JsonObject patched = call("PATCH", one, "{\"channels\":null,\"disabled\":true}")
                .expect(200)
                .json();

        // Then
        assertThat(patched.getValue("channels")).isNull();
        assertThat(patched.getBoolean("disabled")).isTrue();
        assertThat(patched.getString("description")).isEqualTo("d");
        call("PATCH", one, "{\"url\":null}").expect(422);

        // When
        JsonObject put = call("PUT", path + "/e", "{\"url\":\"https://example.com/2\"}")
                .expect(200)
                .json();

        // Then
        assertThat(put.getString("url")).isEqualTo("https://example.com/2");
        assertThat(put.getString("description")).isEmpty();
        assertThat(put.getBoolean("disabled")).isFalse();
        assertThat(put.getString("uid")).isEqualTo("e");
        assertThat(storage.endpoint(put.getString("id")).headers()).containsEntry("X-A", "1");
        assertThat(call("PUT", path + "/fresh", "{\"url\":\"https://example.com\"}")
                        .expect(201)
                        .json()
                        .getString("uid"))
                .isEqualTo("fresh");
        call("DELETE", one, null).expect(204);
        get(one).expect(404);
    }

    @Test
    void listsNewestFirst() throws Exception {
        String first = endpoint("u");
        clock.advance(Duration.ofSeconds(1));
        String second = endpoint("u");
        assertThat(ApplicationApiTest.idsOf(get(path).expect(200).json())).containsExactly(second, first);
        assertThat(ApplicationApiTest.idsOf(get(path + "?order=ascending").json()))
                .containsExactly(first, second);
    }

    @Test
    void rotatedKeysSignForTheirGracePeriod() throws Exception {
        // Given
        String id = endpoint("u");
        String first = get(path + "/" + id + "/secret").expect(200).json().getString("key");
        assertThat(Base64.getDecoder().decode(first.substring("whsec_".length())))
                .hasSize(24);

        // When
        String given = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
        post(path + "/" + id + "/secret/rotate", "{\"key\":\"" + given + "\",\"gracePeriodSeconds\":60}")
                .expect(204);

        // Then
        Endpoint rotated = storage.endpoint(id);
        assertThat(get(path + "/" + id + "/secret").json().getString("key")).isEqualTo(given);
        assertThat(rotated.secrets()).hasSize(2);
        assertThat(rotated.secrets().get(1).key().value()).isEqualTo(first);
        assertThat(rotated.secrets().get(1).expiresAt())
                .isEqualTo(clock.instant().plusSeconds(60));

        // When
        clock.advance(Duration.ofSeconds(60));
        post(path + "/" + id + "/secret/rotate", null).expect(204);

        // Then
        assertThat(storage.endpoint(id).secrets()).hasSize(2);
        assertThat(storage.endpoint(id).secrets().get(1).expiresAt())
                .isEqualTo(clock.instant().plusSeconds(86400));
    }

    @Test
    void atMostTenOldKeysSign() throws Exception {
        String id = endpoint("u");
        for (int i = 0; i < 10; i++) {
            post(path + "/" + id + "/secret/rotate", "{}").expect(204);
        }
        assertThat(post(path + "/" + id + "/secret/rotate", "{}")
                        .expect(400)
                        .json()
                        .getString("code"))
                .isEqualTo("limit_reached");
        post(path + "/" + id + "/secret/rotate", "{\"gracePeriodSeconds\":604801}")
                .expect(422);
        post(path + "/" + id + "/secret/rotate", "{\"key\":\"plain\"}").expect(422);
    }

    @Test
    void ofAKeyPairOnlyThePublicHalfIsShown() throws Exception {
        byte[] pair = new byte[64];
        pair[63] = 9;
        String key = "whsk_" + Base64.getEncoder().encodeToString(pair);
        String id = post(path, "{\"url\":\"https://example.com\",\"secret\":\"" + key + "\"}")
                .expect(201)
                .json()
                .getString("id");
        byte[] half = new byte[32];
        half[31] = 9;
        assertThat(get(path + "/" + id + "/secret").json().getString("key"))
                .isEqualTo("whpk_" + Base64.getEncoder().encodeToString(half));
    }

    @Test
    void headersAreReplacedMergedAndHidden() throws Exception {
        // Given
        String headers = path + "/" + endpoint("u") + "/headers";
        call("PUT", headers, "{\"headers\":{\"X-One\":\"1\",\"Authorization\":\"s3cret\",\"X-Hub-Secret\":\"s3cret\"}}")
                .expect(204);

        // Then
        Answer shown = get(headers).expect(200);
        assertThat(shown.text()).doesNotContain("s3cret");
        assertThat(shown.json().getJsonArray("sensitive"))
                .isEqualTo(new JsonArray().add("Authorization").add("X-Hub-Secret"));

        // When
        call(
                        "PATCH",
                        headers,
                        "{\"headers\":{\"x-one\":\"2\",\"X-Two\":\"3\",\"authorization\":null,\"x-hub-secret\":null}}")
                .expect(204);

        // Then
        assertThat(get(headers).json().encode())
                .isEqualTo("{\"headers\":{\"X-Two\":\"3\",\"x-one\":\"2\"},\"sensitive\":[]}");
        call("PATCH", headers, "{\"headers\":{},\"deleteHeaders\":[\"X-TWO\"]}").expect(204);
        assertThat(get(headers).json().getJsonObject("headers").fieldNames()).containsExactly("x-one");
        call("PUT", headers, "{\"headers\":{\"X\":null}}").expect(422);
        call("PUT", headers, "{}").expect(422);
    }

    @Test
    void tellsItsCountsAndItsRateLimit() throws Exception {
        String one = path + "/" + endpoint("u");
        assertThat(get(one + "/stats").expect(200).text())
                .isEqualTo("{\"success\":5,\"pending\":2,\"sending\":1,\"fail\":4,\"canceled\":3}");
        assertThat(get(one + "/stats?since=2025-01-01T00:00:00Z")
                        .expect(400)
                        .json()
                        .getString("code"))
                .isEqualTo("invalid_range");
        get(one + "/stats?since=yesterday").expect(422);
        assertThat(get(one + "/rate-limit-status").expect(200).text())
                .isEqualTo("{\"current_requests\":3,\"max_requests\":0,\"burst\":0,\"window\":null,"
                        + "\"resets_at\":\"2026-01-02T03:04:05.678Z\",\"exact\":true}");
    }

    @Test
    void hasALimitOfItsOwnThatStaysWhileNothingIsSaidOfIt() throws Exception {
        // Given
        String one = path + "/" + endpoint("u");
        JsonObject throttle =
                new JsonObject().put("permits", 100).put("windowSeconds", 60).put("burst", 20);
        String url = "\"url\":\"https://example.com\"";

        // When
        JsonObject patched = call("PATCH", one, "{\"throttle\":" + throttle + "}")
                .expect(200)
                .json();
        JsonObject put = call("PUT", one, "{" + url + "}").expect(200).json();
        String status = get(one + "/rate-limit-status").expect(200).text();
        JsonObject withoutBurst = call("PATCH", one, "{\"throttle\":{\"permits\":7,\"windowSeconds\":1}}")
                .expect(200)
                .json();
        JsonObject cleared =
                call("PATCH", one, "{\"throttle\":null}").expect(200).json();

        // Then
        assertThat(patched.getJsonObject("throttle")).isEqualTo(throttle);
        assertThat(put.getJsonObject("throttle")).isEqualTo(throttle);
        assertThat(status).contains("\"max_requests\":100,\"burst\":20,\"window\":60,");
        assertThat(withoutBurst.getJsonObject("throttle").getInteger("burst")).isEqualTo(7);
        assertThat(cleared.containsKey("throttle")).isFalse();
    }

    @Test
    void refusesALimitThatIsNone() throws Exception {
        String one = path + "/" + endpoint("u");
        assertThat(call("PATCH", one, "{\"throttle\":{\"permits\":0,\"burst\":\"x\"}}")
                        .expect(422)
                        .text())
                .contains(
                        "[\"body\",\"throttle\",\"permits\"],\"msg\":\"expected a whole number from 1 to 1000000000\"")
                .contains("[\"body\",\"throttle\",\"windowSeconds\"],\"msg\":\"missing field\"")
                .contains("[\"body\",\"throttle\",\"burst\"],\"msg\":\"expected a whole number from 1 to 1000000000\"");
        assertThat(call("PATCH", one, "{\"throttle\":{\"permits\":1,\"windowSeconds\":2678401}}")
                        .expect(422)
                        .text())
                .contains("expected a whole number from 1 to 2678400");
        call("PATCH", one, "{\"throttle\":5}").expect(422);
    }

    @Test
    void sendsAnExampleToThatEndpointOnly() throws Exception {
        // Given
        String id = endpoint("u");
        post("/event-type", "{\"name\":\"t\",\"description\":\"\",\"schemas\":{\"1\":{\"examples\":[{\"x\":1}]}}}")
                .expect(201);
        post("/event-type", "{\"name\":\"bare\",\"description\":\"\"}").expect(201);

        // Then
        assertThat(post(path + "/" + id + "/send-example", "{\"eventType\":\"t\"}")
                        .expect(200)
                        .json()
                        .getJsonObject("payload"))
                .isEqualTo(new JsonObject().put("x", 1));
        assertThat(storage.appended.get(0).onlyEndpoint().value()).isEqualTo(id);
        post(path + "/" + id + "/send-example", "{\"eventType\":\"svix.ping\"}").expect(200);
        post(path + "/" + id + "/send-example", "{\"eventType\":\"bare\"}").expect(400);
        post(path + "/" + id + "/send-example", "{\"eventType\":\"none\"}").expect(404);
    }
}
