package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.posthorn.bus.Deadline;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.RoleHealth;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusEventsTest extends ApiTestBase {
    @BeforeEach
    void makeApplication() throws Exception {
        application("u");
    }

    private JsonObject emit(Object request) throws Exception {
        return await(vertx.eventBus().<JsonObject>request(Addresses.MESSAGES, request))
                .body();
    }

    private void refused(Object request, int status) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> emit(request))
                .satisfies(failure -> assertThat(((ReplyException) failure.getCause()).failureCode())
                        .isEqualTo(status));
    }

    @Test
    void acceptsAPlainObject() throws Exception {
        JsonObject reply = emit(new JsonObject()
                .put("application", "u")
                .put("eventType", "t")
                .put("eventId", "e1")
                .put("channels", new JsonArray().add("c"))
                .put("payload", new JsonObject().put("a", 1)));
        assertThat(reply.getString("id")).startsWith("msg_");
        assertThat(reply.getString("eventId")).isEqualTo("e1");
        assertThat(reply.getString("timestamp")).isNotEmpty();
        assertThat(storage.appended.get(0).payload().toString()).isEqualTo("{\"a\":1}");
        assertThat(storage.appended.get(0).channels()).containsExactly("c");
    }

    @Test
    void aStringIsDeliveredAsItIs() throws Exception {
        assertThat(emit(new JsonObject()
                                .put("application", "u")
                                .put("eventType", "t")
                                .put("payload", "{ \"raw\" : 1 }"))
                        .getString("id"))
                .startsWith("msg_");
        assertThat(storage.appended.get(0).payload().toString()).isEqualTo("{ \"raw\" : 1 }");
    }

    @Test
    void aRepeatedKeyMakesOneMessage() throws Exception {
        JsonObject request = new JsonObject()
                .put("application", "u")
                .put("eventType", "t")
                .put("idempotencyKey", "k")
                .put("payload", new JsonObject());
        assertThat(emit(request)).isEqualTo(emit(request));
        assertThat(storage.messages).hasSize(1);
        refused(request.copy().put("eventType", "other"), 422);
    }

    @Test
    void failuresCarryTheStatusOfTheApi() {
        refused(
                new JsonObject()
                        .put("application", "none")
                        .put("eventType", "t")
                        .put("payload", new JsonObject()),
                404);
        refused(new JsonObject().put("application", "u").put("payload", new JsonObject()), 422);
        refused(new JsonObject().put("eventType", "t"), 422);
        refused(new JsonObject().put("application", "u").put("organization", "x"), 422);
        refused("text", 422);
        assertThat(gate.pending()).isZero();
    }

    @Test
    void tellsHowItFeels() throws Exception {
        RoleHealth health = await(bus.request(
                Addresses.healthOf("ingestion"), new RoleHealth.Ask(), Deadline.after(Duration.ofSeconds(5))));
        assertThat(health.status()).isEqualTo(RoleHealth.Status.HEALTHY);
        assertThat(health.checks()).hasSize(2);
    }
}
