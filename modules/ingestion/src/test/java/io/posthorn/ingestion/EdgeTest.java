package io.posthorn.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EdgeTest extends ApiTestBase {
    @Test
    void everyErrorIsJson() throws Exception {
        assertThat(get("/nowhere").expect(404).json().getString("code")).isEqualTo("not_found");
        assertThat(send(request("GET", "/", null)).expect(404).json().getString("code"))
                .isEqualTo("not_found");
        assertThat(call("DELETE", "/app", null).expect(405).json().getString("code"))
                .isEqualTo("method_not_allowed");
        assertThat(send(request("POST", "/api/v1/app", null)
                                .method("POST", HttpRequest.BodyPublishers.ofString("name=x"))
                                .header("content-type", "application/x-www-form-urlencoded"))
                        .expect(415)
                        .json()
                        .getString("code"))
                .isEqualTo("unsupported_media_type");
        send(request("POST", "/api/v1/app", null).method("POST", HttpRequest.BodyPublishers.ofString("{}")))
                .expect(415);
        send(request("POST", "/api/v1/app", null)
                        .method("POST", HttpRequest.BodyPublishers.ofString("{\"name\":\"N\"}"))
                        .header("content-type", "Application/JSON; charset=utf-8"))
                .expect(201);
    }

    @Test
    void tooLargeABodyIsRefusedByItsLengthAndWhileItStreams() throws Exception {
        assertThat(post("/app", " ".repeat(MAX_BODY_BYTES + 1))
                        .expect(413)
                        .json()
                        .getString("code"))
                .isEqualTo("payload_too_large");

        // a body without a length, of which only the beginning is sent
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/app HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + token
                            + "\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("1000\r\n" + " ".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent <= MAX_BODY_BYTES; sent += 0x1000) {
                out.write(chunk);
            }
            out.flush();
            InputStream in = socket.getInputStream();
            socket.setSoTimeout(10_000);
            byte[] head = in.readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void everyAnswerHasRequestIdAndSecurityHeaders() throws Exception {
        Answer answer = send(request("GET", "/api/v1/app", null).header("x-request-id", "my-id.1"));
        assertThat(answer.response().headers().firstValue("x-request-id")).hasValue("my-id.1");
        assertThat(answer.response().headers().firstValue("x-content-type-options"))
                .hasValue("nosniff");
        assertThat(answer.response().headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(answer.response().headers().firstValue("content-type")).hasValue("application/json");
        Answer insane = send(request("GET", "/api/v1/none", null).header("x-request-id", "<script>"));
        assertThat(insane.response().headers().firstValue("x-request-id"))
                .hasValueSatisfying(id -> assertThat(id).hasSize(36));
    }

    @Test
    void answersOtherOrigins() throws Exception {
        Answer preflight = send(request("OPTIONS", "/api/v1/app/x", null)
                .header("origin", "https://example.com")
                .header("access-control-request-method", "PATCH")
                .header("access-control-request-headers", "authorization,x-any"));
        preflight.expect(204);
        assertThat(preflight.response().headers().firstValue("access-control-allow-origin"))
                .hasValue("*");
        assertThat(preflight.response().headers().firstValue("access-control-allow-headers"))
                .hasValue("authorization,x-any");
        assertThat(preflight.response().headers().firstValue("access-control-max-age"))
                .hasValue("600");
        assertThat(send(request("GET", "/api/v1/app", null).header("origin", "https://example.com"))
                        .response()
                        .headers()
                        .firstValue("access-control-allow-origin"))
                .hasValue("*");
    }

    @Test
    void healthNeedsNoToken() throws Exception {
        token = "none";
        assertThat(get("/health").expect(200).json().getJsonObject("database"))
                .isEqualTo(new JsonObject().put("status", "ok"));
        get("/health/ping").expect(204);
        get("/health/ping/").expect(204);
        call("HEAD", "/health", null).expect(200);
        call("HEAD", "/health/ping", null).expect(204);
    }

    @Test
    void readsABodyInPieces() throws Exception {
        String body = new JsonObject().put("name", "N".repeat(20_000)).encode();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/app HTTP/1.1\r\nhost: x\r\nauthorization: Bearer " + token
                            + "\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: "
                            + body.length() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.setSoTimeout(10_000);
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(25), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100 Continue");
            for (int i = 0; i < body.length(); i += 1000) {
                out.write(body.substring(i, Math.min(body.length(), i + 1000)).getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 201");
        }
    }

    @Test
    void bodiesOfAllRequestsTogetherAreBounded() throws Exception {
        // Given: others hold nearly all that may be held
        int others = (1 << 30) - 10;
        gate.hold(others);

        // When
        Answer full = post("/app", "{\"name\":\"One\",\"uid\":\"one\"}").expect(503);
        gate.release(others);
        Answer free = post("/app", "{\"name\":\"One\",\"uid\":\"one\"}").expect(201);

        // Then
        assertThat(full.json().getString("code")).isEqualTo("overloaded");
        assertThat(full.response().headers().firstValue("retry-after")).isPresent();
        assertThat(free.json().getString("uid")).isEqualTo("one");
        assertThat(gate.heldBytes()).isZero();
    }

    @Test
    void bodiesThatAreRefusedHoldNothing() throws Exception {
        // When
        post("/app", "{\"name\":\"" + "x".repeat(MAX_BODY_BYTES) + "\"}").expect(413);
        post("/app", "not json").expect(422);

        // Then
        assertThat(gate.heldBytes()).isZero();
    }
}
