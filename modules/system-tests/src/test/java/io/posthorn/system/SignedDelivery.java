package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An application with one endpoint, whose messages must come there as they were sent, signed. */
final class SignedDelivery {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PosthornProcess api;
    private final ScriptedReceiver receiver;
    private final String app;
    private final Webhook verifier;

    /** @param api a node with the role ingestion */
    SignedDelivery(PosthornProcess api, ScriptedReceiver receiver) throws Exception {
        this.api = api;
        this.receiver = receiver;
        this.app = "/app/" + api.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        String endpoint = app + "/endpoint";
        String id = api.json("POST", endpoint, "{\"url\":\"" + receiver.url("/hook") + "\"}")
                .getString("id");
        verifier =
                new Webhook(api.json("GET", endpoint + "/" + id + "/secret", "").getString("key"));
    }

    /** Sends one and waits until it is there. */
    void require() throws Exception {
        JsonObject sent = api.json("POST", app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{\"one\":1}}");
        List<ReceivedRequest> came =
                await().atMost(PATIENCE).until(() -> received(sent.getString("id")), requests -> !requests.isEmpty());
        ReceivedRequest first = came.get(0);
        assertThat(first.body().toString()).isEqualTo("{\"one\":1}");
        verifier.verify(
                first.body().toString(),
                HttpHeaders.of(
                        Map.of(
                                "webhook-id", List.of(first.header("webhook-id")),
                                "webhook-timestamp", List.of(first.header("webhook-timestamp")),
                                "webhook-signature", List.of(first.header("webhook-signature"))),
                        (name, value) -> true));
    }

    private List<ReceivedRequest> received(String message) {
        return receiver.received().stream()
                .filter(request -> request.header("webhook-id").equals(message))
                .toList();
    }
}
