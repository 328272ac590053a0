package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.ConfigLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.core.spi.cluster.NodeInfo;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The other node is a server that wants certificates as a bus does. Each certificate is its own authority. */
class BusTlsTest {
    private static final long PATIENCE_SECONDS = 30;

    private static SelfSignedCertificate own;
    private static SelfSignedCertificate others;

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void makeCertificates() {
        own = SelfSignedCertificate.create("own.example.com");
        others = SelfSignedCertificate.create("other.example.com");
    }

    @AfterAll
    static void deleteCertificates() {
        own.delete();
        others.delete();
    }

    @AfterEach
    void close() throws Exception {
        resultOf(vertx.close());
    }

    @Test
    void thoseWhoTrustEachOtherHaveNoObjection() throws Exception {
        assertThat(objection(tls(own, others), at(listen(others, own), true))).isEmpty();
    }

    @Test
    void namesACertificateThatIsNotTrusted() throws Exception {
        assertThat(objection(tls(own, own), at(listen(others, own), true)))
                .startsWith("shows a certificate that cluster.tlsCa did not sign, or that is not valid now: ");
    }

    @Test
    void namesItsOwnCertificateWhereThatIsNotTrusted() throws Exception {
        assertThat(objection(tls(own, others), at(listen(others, others), true)))
                .startsWith("does not take the certificate of this node (cluster.tlsCert): ");
    }

    @Test
    void oneWithTlsAndOneWithoutDoNotFit() throws Exception {
        assertThat(objection(plain(), at(1, true)))
                .isEqualTo("takes messages over TLS only, this node sends them without (cluster.tlsCert)");
        assertThat(objection(tls(own, others), at(1, false)))
                .isEqualTo("takes messages without TLS only, this node sends them over it (cluster.tlsCert)");
        assertThat(objection(plain(), at(1, false))).isEmpty();
    }

    @Test
    void whatCannotBeToldIsNoObjection() throws Exception {
        int port = listen(others, own);
        assertThat(objection(tls(own, others), new NodeInfo("127.0.0.1", port, null)))
                .isEmpty();
        assertThat(objection(tls(own, own), new NodeInfo("127.0.0.1", port, new JsonObject())))
                .isEmpty();
        assertThat(objection(tls(own, others), at(closed(), true))).isEmpty();
    }

    @Test
    void whatANodeShowsTellsWhetherItUsesTls() {
        // Given
        EventBusOptions with = new EventBusOptions().setClusterNodeMetadata(new JsonObject().put("other", 1));
        EventBusOptions without = new EventBusOptions();

        // When
        tls(own, others).addTo(with);
        plain().addTo(without);

        // Then
        assertThat(with.getClusterNodeMetadata())
                .isEqualTo(new JsonObject().put("other", 1).put("posthorn.tls", true));
        assertThat(with.isSsl()).isTrue();
        assertThat(with.getClientAuth()).isEqualTo(ClientAuth.REQUIRED);
        assertThat(without.getClusterNodeMetadata()).isEqualTo(new JsonObject().put("posthorn.tls", false));
        assertThat(without.isSsl()).isFalse();
    }

    private String objection(BusTls tls, NodeInfo other) throws Exception {
        return resultOf(tls.objection(vertx, other));
    }

    private static NodeInfo at(int port, boolean tls) {
        return new NodeInfo("127.0.0.1", port, new JsonObject().put("posthorn.tls", tls));
    }

    private int listen(SelfSignedCertificate shown, SelfSignedCertificate trusted) throws Exception {
        return resultOf(vertx.createNetServer(new NetServerOptions()
                                .setSsl(true)
                                .setClientAuth(ClientAuth.REQUIRED)
                                .setKeyCertOptions(shown.keyCertOptions())
                                .setTrustOptions(trusted.trustOptions()))
                        .connectHandler(socket -> {})
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    /** A port where nobody listens any more. */
    private int closed() throws Exception {
        NetServer server =
                resultOf(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        resultOf(server.close());
        return server.actualPort();
    }

    private static BusTls plain() {
        return of(Map.of());
    }

    private static BusTls tls(SelfSignedCertificate shown, SelfSignedCertificate trusted) {
        return of(Map.of(
                "WEBHOOK_CLUSTER_TLS_CERT", shown.certificatePath(),
                "WEBHOOK_CLUSTER_TLS_KEY", shown.privateKeyPath(),
                "WEBHOOK_CLUSTER_TLS_CA", trusted.certificatePath()));
    }

    private static BusTls of(Map<String, String> variables) {
        return BusTls.of(
                new ConfigLoader(variables, Map.of()).load(null).settings().cluster());
    }

    private static <T> T resultOf(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
