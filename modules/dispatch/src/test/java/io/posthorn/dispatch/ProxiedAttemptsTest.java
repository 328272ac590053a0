package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.config.ProxyUrl;
import io.posthorn.contract.Secret;
import io.posthorn.contract.TlsOptions;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts through a proxy. */
class ProxiedAttemptsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String NAME = "receiver.example.com";
    private static final String DENIED = "denied.example.com";

    private final DispatcherFixture dispatcher = new DispatcherFixture();
    private ConnectProxy proxy;
    private ScriptedNameServer names;
    private RawReceiver receiver;

    @BeforeEach
    void startProxy() {
        names = Futures.resultOf(ScriptedNameServer.start(dispatcher.vertx));
        names.name(NAME, "127.0.0.1");
        names.name(DENIED, "10.0.0.1");
        proxy = Futures.resultOf(ConnectProxy.start(dispatcher.vertx));
        receiver = dispatcher.receiver(new NetServerOptions(), (number, socket) -> socket.write(OK));
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private void start(int port) {
        start(port, Duration.ofSeconds(10));
    }

    private void start(int port, Duration timeout) {
        ProxyUrl url = new ProxyUrl("localhost", port, "squid", new Secret("pass"));
        dispatcher.start(
                Samples.egress(List.of("127.0.0.1/32"), names.address(), url, false, Duration.ofSeconds(60)), timeout);
    }

    @Test
    void plainAttemptsGoThroughATunnelToTheCheckedAddress() {
        // Given
        start(proxy.port());

        // When
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        dispatcher.deliver(receiver.url("http", NAME));
        assertThat(dispatcher.response(2)).isEqualTo("ok");

        // Then
        assertThat(proxy.asked)
                .hasSize(2)
                .allMatch(head -> head.startsWith("CONNECT 127.0.0.1:" + receiver.port() + " HTTP/1.1")
                        && head.contains("roxy-authorization: Basic c3F1aWQ6cGFzcw=="));
        assertThat(receiver.requests)
                .allMatch(request -> request.startsWith("POST /hook?a=1 HTTP/1.1")
                        && request.contains("host: " + NAME + ":" + receiver.port())
                        && !request.toLowerCase(java.util.Locale.ROOT).contains("proxy-"));
        await().until(() -> receiver.closed.get() == 2);
    }

    @Test
    void securedAttemptsVerifyTheNameBehindTheTunnelAndReuseIt() throws Exception {
        // Given
        SelfSignedCertificate certificate = SelfSignedCertificate.create(NAME);
        RawReceiver secured = dispatcher.receiver(
                new NetServerOptions().setSsl(true).setKeyCertOptions(certificate.keyCertOptions()),
                (number, socket) -> socket.write(OK));
        TlsOptions tls = new TlsOptions(null, Files.readString(Path.of(certificate.certificatePath())), null);
        names.name("other.example.com", "127.0.0.1");
        start(proxy.port());

        // When
        dispatcher.deliver(secured.url("https", NAME), tls);
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        dispatcher.deliver(secured.url("https", NAME), tls);
        assertThat(dispatcher.response(2)).isEqualTo("ok");

        // Then
        assertThat(proxy.asked)
                .singleElement()
                .satisfies(head -> assertThat(head).startsWith("CONNECT 127.0.0.1:" + secured.port() + " HTTP/1.1"));
        dispatcher.deliver(secured.url("https", "other.example.com"), tls);
        assertThat(dispatcher.response(3)).startsWith("TLS handshake failed");
        certificate.delete();
    }

    @Test
    void whatIsDeniedNeverReachesTheProxy() {
        // Given
        start(proxy.port());

        // When
        dispatcher.deliver(receiver.url("http", DENIED));
        dispatcher.deliver(receiver.url("https", DENIED));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("target address is not allowed");
        assertThat(dispatcher.response(2)).isEqualTo("target address is not allowed");
        assertThat(proxy.connections).hasValue(0);
    }

    @Test
    void tellsWhatTheProxySaid() {
        // Given
        proxy.refusal = "407 Proxy Authentication Required";
        start(proxy.port());

        // When
        dispatcher.deliver(receiver.url("http", NAME));
        dispatcher.deliver(receiver.url("https", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("the proxy refused to connect: status 407");
        assertThat(dispatcher.response(2)).isEqualTo("the proxy refused to connect: status 407");
        assertThat(receiver.connections).hasValue(0);
    }

    @Test
    void tellsThatTheProxyIsNotThere() {
        // Given
        start(1);

        // When
        dispatcher.deliver(receiver.url("http", NAME));
        dispatcher.deliver(receiver.url("https", NAME));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("the proxy cannot be reached");
        assertThat(dispatcher.response(2)).isEqualTo("the proxy cannot be reached");
    }

    @Test
    void aProxyThatSaysNothingIsGivenUp() {
        // Given
        RawReceiver silent = dispatcher.receiver(new NetServerOptions(), (number, socket) -> {});
        start(silent.port(), Duration.ofMillis(500));

        // When
        dispatcher.deliver(receiver.url("http", NAME));
        dispatcher.deliver(receiver.url("https", NAME));

        // Then
        assertThat(dispatcher.settled(2)).isNotNull();
        assertThat(dispatcher.neighbours.settled)
                .allMatch(settled -> settled.attempt().response().matches("timeout after 500 ms|the proxy timed out"));
        await().until(() -> silent.closed.get() == silent.connections.get());
    }
}
