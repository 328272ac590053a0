package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.ApplicationId;
import io.posthorn.contract.Attempt;
import io.posthorn.contract.AttemptId;
import io.posthorn.contract.Delivery;
import io.posthorn.contract.DeliveryKey;
import io.posthorn.contract.DeliveryState;
import io.posthorn.contract.EndpointId;
import io.posthorn.contract.MessageId;
import io.posthorn.contract.Trigger;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptApiTest extends ApiTestBase {
    private String endpoint;
    private String message;
    private Attempt failed;

    @BeforeEach
    void makeAttempts() throws Exception {
        ApplicationId application = new ApplicationId(application("u"));
        endpoint = endpoint("u");
        message = message("u", "t");
        DeliveryKey key = new DeliveryKey(application, new EndpointId(endpoint), new MessageId(message));
        failed = attempt(key, 1, 500, false);
        clock.advance(Duration.ofSeconds(5));
        storage.attempts.add(failed);
        storage.attempts.add(attempt(key, 2, 200, true));
        storage.deliveries.add(new Delivery(key, DeliveryState.WAITING, 2, clock.instant(), clock.instant()));
    }

    private Attempt attempt(DeliveryKey key, int number, int status, boolean succeeded) {
        return new Attempt(
                AttemptId.at(clock.millis()),
                key,
                number,
                Trigger.SCHEDULED,
                "https://example.com/hook",
                clock.instant(),
                Duration.ofMillis(12),
                status,
                "said",
                succeeded);
    }

    @Test
    void listsByEveryPath() throws Exception {
        for (String path : new String[] {
            "/attempt/endpoint/" + endpoint,
            "/attempt/msg/" + message,
            "/msg/" + message + "/attempt",
            "/msg/" + message + "/endpoint/" + endpoint + "/attempt",
            "/attempt/msg/" + message + "?endpoint_id=" + endpoint + "&expanded_statuses=true"
        }) {
            JsonObject page = get("/app/u" + path).expect(200).json();
            assertThat(page.getJsonArray("data")).as(path).hasSize(2);
            assertThat(page.getJsonArray("data").getJsonObject(0).getInteger("responseStatusCode"))
                    .isEqualTo(200);
            assertThat(page.getBoolean("done")).isTrue();
        }
    }

    @Test
    void writesAllFieldsThatClientsNeed() throws Exception {
        JsonObject json = get("/app/u/msg/" + message + "/attempt/" + failed.id())
                .expect(200)
                .json();
        assertThat(json.encode())
                .isEqualTo(new JsonObject()
                        .put("id", failed.id().value())
                        .put("msgId", message)
                        .put("endpointId", endpoint)
                        .put("url", "https://example.com/hook")
                        .put("response", "said")
                        .put("responseStatusCode", 500)
                        .put("responseDurationMs", 12)
                        .put("status", 2)
                        .put("statusText", "fail")
                        .put("triggerType", 0)
                        .put("timestamp", "2026-01-02T03:04:05.678Z")
                        .encode());
        get("/app/u/msg/" + message + "/attempt/atmpt_none").expect(404);
    }

    @Test
    void filters() throws Exception {
        String all = "/app/u/attempt/endpoint/" + endpoint;
        assertThat(size(all + "?status=0")).isEqualTo(1);
        assertThat(size(all + "?status=3")).isZero();
        assertThat(size(all + "?status_code_class=500")).isEqualTo(1);
        assertThat(size(all + "?event_types=other")).isZero();
        assertThat(size(all + "?event_types=t")).isEqualTo(2);
        get(all + "?status=9&status_code_class=7").expect(422);
        assertThat(get(all + "?with_content=false")
                        .json()
                        .getJsonArray("data")
                        .getJsonObject(0)
                        .getString("response"))
                .isEqualTo("{}");
    }

    private int size(String path) throws Exception {
        return get(path).expect(200).json().getJsonArray("data").size();
    }

    @Test
    void listsMessagesOfAnEndpointWithTheirStatus() throws Exception {
        JsonObject item = get("/app/u/endpoint/" + endpoint + "/msg")
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(item.getString("id")).isEqualTo(message);
        assertThat(item.getJsonObject("payload").getInteger("a")).isEqualTo(1);
        assertThat(item.getInteger("status")).isEqualTo(3);
        assertThat(item.getString("statusText")).isEqualTo("sending");
        assertThat(item.getString("nextAttempt")).isNotNull();
        assertThat(size("/app/u/endpoint/" + endpoint + "/msg?status=0")).isZero();
        assertThat(size("/app/u/endpoint/" + endpoint + "/msg?channel=c")).isZero();
    }

    @Test
    void listsEndpointsOfAMessageDeletedOnesToo() throws Exception {
        JsonObject item = get("/app/u/msg/" + message + "/endpoint")
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(item.getString("id")).isEqualTo(endpoint);
        assertThat(item.getString("statusText")).isEqualTo("sending");
        assertThat(item.getInteger("version")).isEqualTo(1);
        call("DELETE", "/app/u/endpoint/" + endpoint, null).expect(204);
        JsonObject deleted = get("/app/u/msg/" + message + "/endpoint")
                .expect(200)
                .json()
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(deleted.getString("url")).isEqualTo("https://example.com/hook");
        assertThat(deleted.getBoolean("deleted")).isTrue();
    }

    @Test
    void resendsWithoutBodyAndContentType() throws Exception {
        assertThat(post("/app/u/msg/" + message + "/endpoint/" + endpoint + "/resend", null)
                        .expect(202)
                        .text())
                .isEqualTo("{}");
        assertThat(storage.resends).hasSize(1);
        call("PATCH", "/app/u/endpoint/" + endpoint, "{\"disabled\":true}").expect(200);
        post("/app/u/msg/" + message + "/endpoint/" + endpoint + "/resend", null)
                .expect(400);
        post("/app/u/msg/" + message + "/endpoint/none/resend", null).expect(404);
    }

    @Test
    void expungesAResponse() throws Exception {
        call("DELETE", "/app/u/msg/" + message + "/attempt/" + failed.id() + "/content", null)
                .expect(204);
        assertThat(storage.expunged).hasSize(1);
    }
}
