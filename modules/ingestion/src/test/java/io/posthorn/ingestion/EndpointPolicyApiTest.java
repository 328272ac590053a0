package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.RetryPolicy;
import io.posthorn.contract.Sending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointPolicyApiTest extends ApiTestBase {
    private String endpoint;
    private String path;

    @BeforeEach
    void makeEndpoint() throws Exception {
        application("shop");
        endpoint = endpoint("shop");
        path = "/app/shop/endpoint/" + endpoint + "/policy";
    }

    private Sending stored() {
        return storage.endpoint(endpoint).sending();
    }

    @Test
    void showsWhatTheNodeIsSetToWhereTheEndpointSaysNothing() throws Exception {
        JsonObject policy = get(path).expect(200).json();

        assertThat(policy.getJsonArray("delays")).hasSize(9).startsWith(5, 300);
        assertThat(policy.getDouble("jitter")).isEqualTo(0.2);
        assertThat(policy.getValue("maxAgeSeconds")).isNull();
        assertThat(policy.getInteger("timeoutSeconds")).isEqualTo(30);
        assertThat(policy.getInteger("maxInFlight")).isEqualTo(128);
        assertThat(policy.getJsonArray("finalStatuses")).isEmpty();
        assertThat(policy.getJsonObject("sources").getMap().values()).containsOnly("node");
    }

    @Test
    void keepsWhatItIsGivenAndShowsItWithItsSource() throws Exception {
        // When
        JsonObject policy = call("PUT", path, """
                        {"delays": [1, 60], "jitter": 0.1, "maxAgeSeconds": 3600, "timeoutSeconds": 5, "maxInFlight": 4,
                         "finalStatuses": [404, 400, 404]}""").expect(200).json();

        // Then
        assertThat(stored())
                .isEqualTo(new Sending(
                        new RetryPolicy(List.of(Duration.ofSeconds(1), Duration.ofSeconds(60)), 0.1),
                        Duration.ofHours(1),
                        Set.of(400, 404),
                        Duration.ofSeconds(5),
                        4,
                        null,
                        null,
                        null));
        assertThat(policy.getJsonArray("delays"))
                .isEqualTo(new JsonArray().add(1).add(60));
        assertThat(policy.getDouble("jitter")).isEqualTo(0.1);
        assertThat(policy.getInteger("maxAgeSeconds")).isEqualTo(3600);
        assertThat(policy.getInteger("timeoutSeconds")).isEqualTo(5);
        assertThat(policy.getInteger("maxInFlight")).isEqualTo(4);
        assertThat(policy.getJsonArray("finalStatuses"))
                .isEqualTo(new JsonArray().add(400).add(404));
        assertThat(policy.getJsonObject("sources").getMap().values()).containsOnly("endpoint");
        assertThat(get(path).expect(200).json()).isEqualTo(policy);
        assertThat(get("/app/shop/endpoint/" + endpoint).json().getJsonArray("retrySchedule"))
                .isEqualTo(new JsonArray().add(1).add(60));
    }

    @Test
    void writesOutAnExponentialSchedule() throws Exception {
        // When
        JsonObject policy = call(
                        "PUT", path, "{\"exponential\": {\"first\": 1, \"factor\": 1.5, \"max\": 4, \"attempts\": 6}}")
                .expect(200)
                .json();

        // Then
        assertThat(policy.getJsonArray("delays"))
                .isEqualTo(new JsonArray().add(1).add(2).add(2).add(3).add(4));
        assertThat(policy.getDouble("jitter")).isEqualTo(0.2);
        assertThat(policy.getJsonObject("sources").getString("delays")).isEqualTo("endpoint");
        assertThat(policy.getJsonObject("sources").getString("timeoutSeconds")).isEqualTo("node");
    }

    @Test
    void aPutReplacesTheWholePolicy() throws Exception {
        call("PUT", path, "{\"delays\": [1], \"finalStatuses\": [404], \"maxInFlight\": 3}")
                .expect(200);

        call("PUT", path, "{\"timeoutSeconds\": 7}").expect(200);

        assertThat(stored()).isEqualTo(Sending.AS_CONFIGURED.withTimeout(Duration.ofSeconds(7)));
    }

    @Test
    void aDeleteLeavesAllToTheNode() throws Exception {
        call("PUT", path, "{\"delays\": [1], \"finalStatuses\": [404], \"maxInFlight\": 3}")
                .expect(200);

        call("DELETE", path, null).expect(204);

        assertThat(stored()).isEqualTo(Sending.AS_CONFIGURED);
        assertThat(get(path).json().getJsonObject("sources").getMap().values()).containsOnly("node");
    }

    @Test
    void changesOfTheEndpointKeepThePolicy() throws Exception {
        // Given
        call("PUT", path, "{\"delays\": [1], \"jitter\": 0, \"maxAgeSeconds\": 60, \"finalStatuses\": [404]}")
                .expect(200);
        Sending before = stored();

        // When
        String own = "/app/shop/endpoint/" + endpoint;
        call("PUT", own, "{\"url\": \"https://example.com/other\"}").expect(200);
        call("PATCH", own, "{\"description\": \"other\"}").expect(200);
        call("PUT", own + "/headers", "{\"headers\": {\"x-a\": \"1\"}}").expect(204);

        // Then
        assertThat(stored()).isEqualTo(before);
    }

    @Test
    void aRetryScheduleOfTheEndpointReplacesOnlyThat() throws Exception {
        call("PUT", path, "{\"delays\": [1], \"jitter\": 0, \"maxAgeSeconds\": 60}")
                .expect(200);

        call("PATCH", "/app/shop/endpoint/" + endpoint, "{\"retrySchedule\": [2]}")
                .expect(200);

        assertThat(stored().retryPolicy()).isEqualTo(new RetryPolicy(List.of(Duration.ofSeconds(2)), 0.2));
        assertThat(stored().maxAge()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theNodesOwnIsTheMostThatIsInForce() throws Exception {
        JsonObject policy = call("PUT", path, "{\"timeoutSeconds\": 600, \"maxInFlight\": 1000}")
                .expect(200)
                .json();

        assertThat(policy.getInteger("timeoutSeconds")).isEqualTo(30);
        assertThat(policy.getInteger("maxInFlight")).isEqualTo(128);
        assertThat(stored().timeout()).isEqualTo(Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"delays\": [1, -1]} | [\"body\",\"delays\",\"[1]\"]",
                "{\"delays\": [2592001]} | [\"body\",\"delays\",\"[0]\"]",
                "{\"delays\": 5} | [\"body\",\"delays\"]",
                "{\"delays\": [1], \"exponential\": {\"first\": 1, \"max\": 2, \"attempts\": 2}} | [\"body\",\"exponential\"]",
                "{\"exponential\": {\"first\": 0, \"max\": 2, \"attempts\": 2}} | [\"body\",\"exponential\",\"first\"]",
                "{\"exponential\": {\"first\": 1, \"attempts\": 2}} | [\"body\",\"exponential\",\"max\"]",
                "{\"exponential\": {\"first\": 1, \"max\": 2, \"attempts\": 102}} | [\"body\",\"exponential\",\"attempts\"]",
                "{\"exponential\": {\"first\": 1, \"max\": 2, \"attempts\": 2, \"factor\": 0.9}} | [\"body\",\"exponential\",\"factor\"]",
                "{\"exponential\": {\"first\": 1, \"max\": 2, \"attempts\": 2, \"factor\": 10.1}} | [\"body\",\"exponential\",\"factor\"]",
                "{\"exponential\": []} | [\"body\",\"exponential\"]",
                "{\"delays\": [1], \"jitter\": 0.51} | [\"body\",\"jitter\"]",
                "{\"delays\": [1], \"jitter\": \"much\"} | [\"body\",\"jitter\"]",
                "{\"jitter\": 0.1} | [\"body\",\"jitter\"]",
                "{\"maxAgeSeconds\": 0} | [\"body\",\"maxAgeSeconds\"]",
                "{\"maxAgeSeconds\": 315360001} | [\"body\",\"maxAgeSeconds\"]",
                "{\"timeoutSeconds\": 0} | [\"body\",\"timeoutSeconds\"]",
                "{\"timeoutSeconds\": 601} | [\"body\",\"timeoutSeconds\"]",
                "{\"timeoutSeconds\": \"5s\"} | [\"body\",\"timeoutSeconds\"]",
                "{\"maxInFlight\": 0} | [\"body\",\"maxInFlight\"]",
                "{\"maxInFlight\": 100001} | [\"body\",\"maxInFlight\"]",
                "{\"finalStatuses\": [99]} | [\"body\",\"finalStatuses\",\"[0]\"]",
                "{\"finalStatuses\": [404, 600]} | [\"body\",\"finalStatuses\",\"[1]\"]",
            })
    void refusesWhatIsOutOfBoundsAndNamesIt(String body, String place) throws Exception {
        JsonArray detail = call("PUT", path, body).expect(422).json().getJsonArray("detail");

        assertThat(detail.stream()
                        .map(item -> ((JsonObject) item).getJsonArray("loc").encode()))
                .containsExactly(place);
        assertThat(stored()).isEqualTo(Sending.AS_CONFIGURED);
    }

    @Test
    void refusesMoreDelaysAndStatusesThanThereMayBe() throws Exception {
        String ones = "1,".repeat(100) + "1";
        String statuses = "404,".repeat(100) + "404";

        call("PUT", path, "{\"delays\": [" + ones + "]}").expect(422);
        call("PUT", path, "{\"finalStatuses\": [" + statuses + "]}").expect(422);
    }

    @Test
    void anEndpointThatIsNotThereHasNone() throws Exception {
        get("/app/shop/endpoint/nobody/policy").expect(404);
        call("PUT", "/app/shop/endpoint/nobody/policy", "{}").expect(404);
    }
}
