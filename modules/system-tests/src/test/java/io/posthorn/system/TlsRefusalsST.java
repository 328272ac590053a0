package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Receivers whose certificate or TLS is not good enough get nothing, and their attempts say what is wrong with it. */
class TlsRefusalsST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static Certificates certificates;
    private static PosthornProcess posthorn;

    private final AtomicInteger requests = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        certificates = Certificates.in(directory);
        posthorn = PosthornProcess.start(
                directory.resolve("data"),
                Map.of("JAVA_TOOL_OPTIONS", certificates.trustArguments(), "WEBHOOK_RETRY_SCHEDULE", "60"));
    }

    @AfterAll
    static void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    @Test
    void oneThatATrustedAuthoritySignedIsTaken() throws Exception {
        // Given
        int port = listen(signed("good", "ip:127.0.0.1", "-1d", 10));

        // Then
        assertThat(attempt(port).getInteger("responseStatusCode")).isEqualTo(200);
        assertThat(requests).hasValue(1);
    }

    @Test
    void expiredCertificateIsRefused() throws Exception {
        assertRefused(listen(signed("expired", "ip:127.0.0.1", "-10d", 5)), ": the certificate has expired");
    }

    @Test
    void certificateOfTomorrowIsRefused() throws Exception {
        assertRefused(listen(signed("early", "ip:127.0.0.1", "+5d", 5)), ": the certificate is not valid yet");
    }

    @Test
    void certificateOfAnotherNameIsRefused() throws Exception {
        assertRefused(listen(signed("another", "dns:example.com", "-1d", 10)), ": the certificate is for another name");
    }

    @Test
    void certificateThatSignedItselfIsRefused() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create("127.0.0.1");
        assertRefused(listen(certificate.keyCertOptions()), ": the certificate is signed by nobody who is trusted");
        certificate.delete();
    }

    @Test
    void receiverThatSpeaksOnlyOldTlsIsRefused() throws Exception {
        // Given
        Path store = certificates.signed("old", "ip:127.0.0.1", "-1d", 10);
        String pem = directory.resolve("old.pem").toString();
        try {
            Certificates.run(List.of(
                    "openssl",
                    "pkcs12",
                    "-in",
                    store.toString(),
                    "-out",
                    pem,
                    "-nodes",
                    "-passin",
                    "pass:" + Certificates.PASSWORD));
        } catch (IOException noOpenssl) {
            assumeTrue(false, "openssl is not installed: " + noOpenssl.getMessage());
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process server = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        pem,
                        "-key",
                        pem,
                        "-tls1_1",
                        "-cipher",
                        "ALL:@SECLEVEL=0",
                        "-www",
                        "-quiet")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(PATIENCE).until(() -> isOpen(port));

            // Then
            assertRefused(port, ": it takes neither TLS 1.2 nor 1.3");
        } finally {
            server.destroy();
        }
    }

    private void assertRefused(int port, String reason) throws Exception {
        JsonObject attempt = attempt(port);
        assertThat(attempt.getInteger("responseStatusCode")).isZero();
        assertThat(attempt.getString("response")).isEqualTo("TLS handshake failed" + reason);
        assertThat(requests).hasValue(0);
    }

    private static KeyCertOptions signed(String name, String names, String from, int days) throws Exception {
        return Certificates.options(certificates.signed(name, names, from, days), name);
    }

    private int listen(KeyCertOptions key) {
        return Futures.resultOf(vertx.createHttpServer(
                                new HttpServerOptions().setSsl(true).setKeyCertOptions(key))
                        .requestHandler(request -> {
                            requests.incrementAndGet();
                            request.response().end();
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Of a message to that port, the first. */
    private static JsonObject attempt(int port) throws Exception {
        String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"https://127.0.0.1:" + port + "/hook\"}");
        String message = posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{}}")
                .getString("id");
        JsonArray attempts = await().atMost(PATIENCE)
                .until(
                        () -> posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message, "")
                                .getJsonArray("data"),
                        found -> !found.isEmpty());
        return attempts.getJsonObject(0);
    }
}
