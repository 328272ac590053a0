package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver of an authority of its own that asks for a client certificate, behind a proxy that asks for a password. */
class SecuredReceiversST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private TestAuthority authority;
    private TunnelProxy proxy;
    private PosthornProcess posthorn;
    private int port;

    @BeforeEach
    void start() throws Exception {
        authority = new TestAuthority(directory);
        TestAuthority.Holder server = authority.holder("receiver", "-ext", "san=ip:127.0.0.1");
        proxy = Futures.resultOf(TunnelProxy.start(vertx));
        port = Futures.resultOf(vertx.createHttpServer(new HttpServerOptions()
                                .setSsl(true)
                                .setUseAlpn(true)
                                .setClientAuth(ClientAuth.REQUIRED)
                                .setTrustOptions(
                                        new PemTrustOptions().addCertValue(Buffer.buffer(authority.certificate())))
                                .setKeyCertOptions(new PemKeyCertOptions()
                                        .setCertValue(Buffer.buffer(server.certificate()))
                                        .setKeyValue(Buffer.buffer(server.key()))))
                        .requestHandler(this::receive)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        posthorn = PosthornProcess.start(
                directory.resolve("data"),
                Map.of(
                        "WEBHOOK_EGRESS_PROXY",
                        proxy.url(),
                        "WEBHOOK_EGRESS_HTTP2",
                        "true",
                        // A busy machine does not make another tunnel of a slow handshake.
                        "WEBHOOK_DISPATCH_CONNECT_TIMEOUT",
                        "25s"));
    }

    @AfterEach
    void stop() {
        posthorn.close();
        Futures.resultOf(vertx.close());
    }

    private void receive(HttpServerRequest request) {
        try {
            X509Certificate peer =
                    (X509Certificate) request.connection().peerCertificates().get(0);
            seen.add(request.version() + " " + peer.getSubjectX500Principal().getName());
        } catch (SSLPeerUnverifiedException nobody) {
            seen.add("nobody");
        }
        request.response().end().onComplete(sent -> {});
    }

    @Test
    void isReachedWithItsAuthorityAndACertificateThroughTheProxy() throws Exception {
        // Given
        TestAuthority.Holder ours = authority.holder("posthorn");
        String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        String endpoint = "/app/" + app + "/endpoint/"
                + posthorn.json(
                                "POST",
                                "/app/" + app + "/endpoint",
                                "{\"url\":\"https://127.0.0.1:" + port + "/hook\"}")
                        .getString("id");
        JsonObject tls = new JsonObject()
                .put("ca", authority.certificate())
                .put("certificate", ours.certificate() + authority.certificate())
                .put("key", ours.key());

        // When
        JsonObject shown = posthorn.json("PUT", endpoint + "/tls", tls.encode());
        String message = posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a\",\"payload\":{}}")
                .getString("id");

        // Then
        await().atMost(PATIENCE).until(() -> !seen.isEmpty());
        assertThat(seen).containsExactly("HTTP_2 CN=posthorn");
        assertThat(proxy.tunnels).containsExactly("127.0.0.1:" + port);
        assertThat(shown.getJsonArray("certificate").getJsonObject(0).getString("issuer"))
                .isEqualTo("CN=authority");
        assertThat(shown.encode()).doesNotContain("PRIVATE");
        assertThat(posthorn.output()).noneMatch(line -> line.contains("pass@") || line.contains("PRIVATE KEY"));
        JsonObject attempt = await().atMost(PATIENCE)
                .until(
                        () -> posthorn.json("GET", "/app/" + app + "/attempt/msg/" + message, ""),
                        page -> !page.getJsonArray("data").isEmpty())
                .getJsonArray("data")
                .getJsonObject(0);
        assertThat(attempt.getInteger("responseStatusCode")).isEqualTo(200);
    }
}
