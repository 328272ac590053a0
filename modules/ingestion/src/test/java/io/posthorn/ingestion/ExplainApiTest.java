package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryFacts;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.NodeId;
import io.posthorn.contract.Trigger;
import io.posthorn.contract.WaitCause;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainApiTest extends ApiTestBase {
    private DeliveryKey key;
    private String path;

    @BeforeEach
    void oneDelivery() throws Exception {
        application("u");
        EndpointId endpoint = new EndpointId(endpoint("u"));
        MessageId message = new MessageId(message("u", "t"));
        Application application = (Application) storage.entities.get(0);
        key = new DeliveryKey(application.id(), endpoint, message);
        path = "/app/u/msg/" + message + "/endpoint/" + endpoint + "/explain";
    }

    private DeliveryFacts busy() {
        Instant until = ExplanationTest.NOW.plusSeconds(60);
        return ExplanationTest.waiting(
                key,
                WaitCause.RECEIVER_BUSY,
                until,
                ExplanationTest.NOW,
                new DeliveryFacts.Place(true, Trigger.SCHEDULED, 0).behind(1_001));
    }

    @Test
    void saysWhatADeliveryWaitsFor() throws Exception {
        // Given
        storage.facts = busy();

        // When
        JsonObject json = get(path).expect(200).json();

        // Then
        assertThat(json.getString("state")).isEqualTo("waiting");
        assertThat(json.getJsonObject("waitsFor"))
                .isEqualTo(new JsonObject().put("cause", "receiver_busy").put("until", "2030-01-01T00:01:00Z"));
        assertThat(json.getJsonObject("position"))
                .isEqualTo(new JsonObject()
                        .put("class", "retry")
                        .put("trigger", "scheduled")
                        .put("before", 1_000)
                        .put("more", true));
        assertThat(json.getJsonObject("queue").getInteger("inFlight")).isEqualTo(3);
        assertThat(json.getJsonObject("queue").getInteger("inFlightLimit")).isEqualTo(8);
        assertThat(json.getJsonObject("retryPolicy").getBoolean("ofEndpoint")).isFalse();
        assertThat(json.getJsonObject("retryPolicy").getJsonArray("delaySeconds"))
                .hasSize(9);
        assertThat(json.getString("whyEnded")).isNull();
        assertThat(json.getString("next")).contains("behind more than 1000 others");
        assertThat(json.getJsonArray("attempts")).isEqualTo(new JsonArray());
    }

    @Test
    void saysWhoHasADelivery() throws Exception {
        Instant now = ExplanationTest.NOW;
        storage.facts = new DeliveryFacts(
                now,
                new Delivery(key, DeliveryState.IN_FLIGHT, 0, now, now),
                busy().queue(),
                new DeliveryFacts.Place(false, Trigger.SCHEDULED, 0),
                new DeliveryFacts.Hold(new NodeId("n1"), now, now.plusSeconds(30)));

        JsonObject json = get(path).expect(200).json();

        assertThat(json.getString("state")).isEqualTo("in_flight");
        assertThat(json.getJsonObject("inFlight"))
                .isEqualTo(new JsonObject()
                        .put("node", "n1")
                        .put("since", "2030-01-01T00:00:00Z")
                        .put("leaseUntil", "2030-01-01T00:00:30Z"));
    }

    @Test
    void deliveryOfADeletedEndpointIsExplainedByItsId() throws Exception {
        storage.facts = busy();
        call("DELETE", "/app/u/endpoint/" + key.endpoint(), null).expect(204);

        assertThat(get(path).expect(200).json().getString("next")).contains("deleted");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        get(path).expect(404);
        storage.facts = busy();
        get("/app/none/msg/" + key.message() + "/endpoint/" + key.endpoint() + "/explain")
                .expect(404);
        get("/app/u/msg/none/endpoint/" + key.endpoint() + "/explain").expect(404);
        get("/app/u/msg/" + key.message() + "/endpoint/none/explain").expect(404);
    }

    @Test
    void applicationShowsWhatWaitsAndHowOldItIs() throws Exception {
        JsonObject json = get("/app/u/backlog").expect(200).json();

        assertThat(json.getString("at"))
                .isEqualTo(TestClock.START.plusSeconds(90).toString());
        assertThat(json.getJsonArray("byCause").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("cause", "circuit_open")
                        .put("endpoints", 2)
                        .put("deliveries", 7)
                        .put("oldestDueAt", TestClock.START.toString())
                        .put("oldestAgeSeconds", 90.0));
        assertThat(json.getJsonArray("byCause").getJsonObject(1).getValue("oldestAgeSeconds"))
                .isNull();
        get("/app/none/backlog").expect(404);
    }

    @Test
    void hasTheFieldsThatTheDocumentNames() throws Exception {
        storage.facts = busy();
        JsonObject answer = get(path).expect(200).json();
        JsonObject schema = get("/openapi.json")
                .expect(200)
                .json()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("ExplanationOut");

        List<Object> required = new ArrayList<>();
        schema.getJsonArray("required").forEach(required::add);
        assertThat(required).containsExactlyInAnyOrderElementsOf(answer.fieldNames());
        assertThat(schema.getJsonObject("properties").fieldNames()).isEqualTo(answer.fieldNames());
    }
}
