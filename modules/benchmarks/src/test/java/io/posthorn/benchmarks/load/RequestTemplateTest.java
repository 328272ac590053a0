package io.posthorn.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestTemplateTest {
    @Test
    void onlyDigitsChange() {
        // Given
        RequestTemplate template = RequestTemplate.of(
                "POST /x HTTP/1.1\r\nidempotency-key: " + RequestTemplate.KEY,
                "{\"eventType\":\"bench." + RequestTemplate.TYPE + "\",\"payload\":" + Payload.template(100) + "}");

        // When
        String request = template.request(42, 1_234_567_890_123L, 7).toString();

        // Then
        String head = request.substring(0, request.indexOf("\r\n\r\n"));
        String body = request.substring(request.indexOf("\r\n\r\n") + 4);
        JsonObject event = new JsonObject(body);
        assertThat(head).contains("idempotency-key: 0000000000000000007", "content-length: " + body.length());
        assertThat(event.getString("eventType")).isEqualTo("bench.00000042");
        assertThat(event.getJsonObject("payload").getString("at")).isEqualTo("0000001234567890123");
    }

    @Test
    void aPayloadHasItsSizeAndSaysWhenItWasMeantToBeSent() {
        byte[] payload = Payload.template(1_024)
                .replace(RequestTemplate.AT, "0000000000000000099")
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(payload).hasSize(1_024);
        assertThat(Payload.at(payload, 0, payload.length)).isEqualTo(99);
    }

    @Test
    void aBodyThatIsNoPayloadSaysNothing() {
        byte[] other = "x".repeat(200).getBytes(StandardCharsets.US_ASCII);

        assertThat(Payload.at(other, 0, other.length)).isEqualTo(-1);
        assertThat(Payload.at(other, 0, 3)).isEqualTo(-1);
    }

    @Test
    void aPayloadCannotBeSmallerThanWhatItSays() {
        assertThatThrownBy(() -> Payload.template(Payload.MIN_BYTES - 1)).hasMessageContaining("at least");
        assertThat(Payload.template(Payload.MIN_BYTES)).hasSize(Payload.MIN_BYTES);
    }
}
