package io.posthorn.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Secret;
import io.posthorn.contract.TlsOptions;
import io.posthorn.contract.TlsVersion;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedNameServer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers whose TLS is another than the usual; what is checked is the same where HTTP/2 is offered to them and where it is not. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class TlsReceiversTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String NAME = "receiver.example.com";

    private static SelfSignedCertificate receiverCertificate;
    private static SelfSignedCertificate ours;
    private static SelfSignedCertificate stranger;

    private final boolean offersHttp2;
    private final DispatcherFixture dispatcher = new DispatcherFixture();
    private final List<String> peers = new CopyOnWriteArrayList<>();
    private final List<String> versions = new CopyOnWriteArrayList<>();
    private final List<String> names = new CopyOnWriteArrayList<>();

    TlsReceiversTest(boolean offersHttp2) {
        this.offersHttp2 = offersHttp2;
    }

    @BeforeAll
    static void makeCertificates() {
        receiverCertificate = SelfSignedCertificate.create(NAME);
        ours = SelfSignedCertificate.create("posthorn.example.com");
        stranger = SelfSignedCertificate.create("stranger.example.com");
    }

    @AfterAll
    static void deleteCertificates() {
        receiverCertificate.delete();
        ours.delete();
        stranger.delete();
    }

    @BeforeEach
    void startDispatcher() {
        ScriptedNameServer names = Futures.resultOf(ScriptedNameServer.start(dispatcher.vertx));
        names.name(NAME, "127.0.0.1");
        names.name("other.example.com", "127.0.0.1");
        dispatcher.start(
                Samples.egress(List.of("127.0.0.0/8"), names.address(), null, offersHttp2, Duration.ofSeconds(60)));
    }

    @AfterEach
    void close() {
        dispatcher.close();
    }

    @Test
    void trustsTheAuthorityOfTheEndpointAndNoOther() throws Exception {
        // Given
        RawReceiver receiver = receiver(server());

        // When
        dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, pem(receiverCertificate), null));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        assertThat(names).containsExactly(NAME);
        dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, pem(stranger), null));
        assertThat(dispatcher.response(2)).startsWith("TLS handshake failed");
        dispatcher.deliver(receiver.url("https", NAME));
        assertThat(dispatcher.response(3)).startsWith("TLS handshake failed");
        assertThat(receiver.requests).hasSize(1);
    }

    @Test
    void aTrustedAuthorityDoesNotMakeUpForAnotherName() throws Exception {
        // Given
        RawReceiver receiver = receiver(server());

        // When
        dispatcher.deliver(
                receiver.url("https", "other.example.com"), new TlsOptions(null, pem(receiverCertificate), null));

        // Then
        assertThat(dispatcher.response(1)).startsWith("TLS handshake failed");
        assertThat(receiver.requests).isEmpty();
    }

    @Test
    void showsItsCertificateToAReceiverThatAsksForOne() throws Exception {
        // Given
        RawReceiver receiver =
                receiver(server().setClientAuth(ClientAuth.REQUIRED).setTrustOptions(ours.trustOptions()));
        String authority = pem(receiverCertificate);

        // When
        dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, authority, identity(ours)));

        // Then
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        assertThat(peers).containsExactly("CN=posthorn.example.com");
        dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, authority, identity(stranger)));
        dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, authority, null));
        assertThat(dispatcher.settled(3)).isNotNull();
        assertThat(dispatcher.neighbours.settled.subList(1, 3))
                .allMatch(failed -> !failed.attempt().succeeded());
        assertThat(receiver.requests).hasSize(1);
    }

    @Test
    void asksForTheLeastVersionOfTheEndpoint() throws Exception {
        // Given
        RawReceiver old = receiver(server().setEnabledSecureTransportProtocols(Set.of("TLSv1.2")));
        RawReceiver both = receiver(server().setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3")));
        String authority = pem(receiverCertificate);

        // When
        dispatcher.deliver(old.url("https", NAME), new TlsOptions(TlsVersion.TLS_1_2, authority, null));
        assertThat(dispatcher.response(1)).isEqualTo("ok");
        dispatcher.deliver(old.url("https", NAME), new TlsOptions(TlsVersion.TLS_1_3, authority, null));
        assertThat(dispatcher.response(2)).startsWith("TLS handshake failed");
        dispatcher.deliver(both.url("https", NAME), new TlsOptions(TlsVersion.TLS_1_3, authority, null));
        assertThat(dispatcher.response(3)).isEqualTo("ok");

        // Then
        assertThat(versions).containsExactly("TLSv1.2", "TLSv1.3");
    }

    @Test
    void equalOptionsShareTheirConnections() throws Exception {
        // Given
        RawReceiver receiver = receiver(server());
        String authority = pem(receiverCertificate);

        // When
        for (int i = 1; i <= 3; i++) {
            dispatcher.deliver(receiver.url("https", NAME), new TlsOptions(null, authority, null));
            assertThat(dispatcher.response(i)).isEqualTo("ok");
        }

        // Then
        assertThat(receiver.connections).hasValue(1);
    }

    private RawReceiver receiver(NetServerOptions options) {
        return dispatcher.receiver(options, (number, socket) -> {
            note(socket);
            socket.write(OK);
        });
    }

    private void note(NetSocket socket) {
        names.add(String.valueOf(socket.indicatedServerName()));
        versions.add(socket.sslSession().getProtocol());
        try {
            peers.add(((X509Certificate) socket.peerCertificates().get(0))
                    .getSubjectX500Principal()
                    .getName());
        } catch (javax.net.ssl.SSLPeerUnverifiedException none) {
            return;
        }
    }

    private static NetServerOptions server() {
        return new NetServerOptions().setSsl(true).setSni(true).setKeyCertOptions(receiverCertificate.keyCertOptions());
    }

    private static TlsOptions.Identity identity(SelfSignedCertificate certificate) throws IOException {
        return new TlsOptions.Identity(
                pem(certificate), new Secret(Files.readString(Path.of(certificate.privateKeyPath()))));
    }

    private static String pem(SelfSignedCertificate certificate) throws IOException {
        return Files.readString(Path.of(certificate.certificatePath()));
    }
}
