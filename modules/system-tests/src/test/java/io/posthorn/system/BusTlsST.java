package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose messages go over TLS: with the right certificates they pass, and without nothing does. */
@Timeout(240)
class BusTlsST {
    private static final String ALL_BUT_DISPATCH = "ingestion,validation,ratelimit,storage,health";
    private static final String DISPATCH = "dispatch,health";

    private static final byte TLS_ALERT = 21;

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private TestAuthority ours;
    private TestAuthority theirs;

    @BeforeEach
    void makeAuthorities() throws Exception {
        ours = new TestAuthority(Files.createDirectory(directory.resolve("ours")));
        theirs = new TestAuthority(Files.createDirectory(directory.resolve("theirs")));
    }

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void messagesPassBetweenCertifiedNodesAndWhoIsNotCertifiedIsRefused() throws Exception {
        ScriptedReceiver receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
        int port = ClusterOfProcesses.freePorts(1).get(0);
        TestAuthority.Holder first = ours.holder("first");
        TestAuthority.Holder second = ours.holder("second");
        TestAuthority.Holder stranger = theirs.holder("stranger");
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, Map.of())) {
            // Given
            Map<String, String> base = new HashMap<>(files("first", first, ours));
            base.put("WEBHOOK_CLUSTER_BUS_PORT", String.valueOf(port));
            PosthornProcess api = cluster.start(ALL_BUT_DISPATCH, base);
            cluster.start(DISPATCH, files("second", second, ours));
            SignedDelivery delivery = new SignedDelivery(api, receiver);

            // When
            delivery.require();

            // Then: the port speaks TLS, and with none but those whom the authority signed
            assertThat(isTaken(port, ours, second)).isTrue();
            assertThat(isTaken(port, ours, stranger)).isFalse();
            assertThat(isTaken(port, ours, null)).isFalse();
            assertThat(isTaken(port, theirs, second)).isFalse();
            assertThat(answerToPlainText(port))
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).isEmpty(),
                            answer -> assertThat(answer[0]).isEqualTo(TLS_ALERT));

            // Then: a node that the others could not speak to does not join them
            int place = cluster.place();
            requireRefused(
                    cluster,
                    place,
                    files("stranger", stranger, theirs),
                    "shows a certificate that cluster.tlsCa did not sign");
            requireRefused(
                    cluster,
                    place,
                    files("pretender", stranger, ours),
                    "does not take the certificate of this node (cluster.tlsCert)");
            requireRefused(cluster, place, Map.of(), "takes messages over TLS only, this node sends them without");
            delivery.require();
            JsonObject shown = api.json("GET", "/cluster", "");
            assertThat(shown.getJsonArray("nodes")).hasSize(2);
            assertThat(api.output()).noneMatch(line -> line.contains("PRIVATE KEY"));
        }
    }

    private void requireRefused(ClusterOfProcesses cluster, int place, Map<String, String> own, String reason)
            throws Exception {
        Map<String, String> all = new HashMap<>(cluster.settings(place, own));
        all.put("WEBHOOK_DATA_DIR", cluster.data(place).toString());
        all.put("WEBHOOK_HTTP_PORT", "0");
        all.put("WEBHOOK_MANAGEMENT_PORT", "0");
        PosthornCommand.Result result = PosthornCommand.run(all, "serve", "--roles=" + DISPATCH);
        result.expect(1);
        assertThat(result.output().lines().filter(line -> line.startsWith("posthorn: ")))
                .singleElement()
                .asString()
                .contains(reason);
    }

    private Map<String, String> files(String name, TestAuthority.Holder holder, TestAuthority authority)
            throws Exception {
        return Map.of(
                "WEBHOOK_CLUSTER_TLS_CERT", file(name + ".crt", holder.certificate()),
                "WEBHOOK_CLUSTER_TLS_KEY", file(name + ".key", holder.key()),
                "WEBHOOK_CLUSTER_TLS_CA", file(name + ".ca", authority.certificate()));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    /** Whether a handshake is completed with that certificate. With TLS 1.2, where that comes after the other side looked at it. */
    private boolean isTaken(int port, TestAuthority trusted, TestAuthority.@Nullable Holder holder) throws Exception {
        NetClientOptions options = new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("")
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2"))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(trusted.certificate())));
        if (holder != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(holder.certificate()))
                    .addKeyValue(Buffer.buffer(holder.key())));
        }
        return Futures.resultOf(vertx.createNetClient(options)
                .connect(port, "127.0.0.1")
                .compose(NetSocket::close)
                .map(closed -> true)
                .otherwise(false));
    }

    /** What comes back to what is not TLS, until the connection is closed; where plain messages are taken, it stays open. */
    private static byte[] answerToPlainText(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(new byte[] {0, 0, 1, 0, 2, 1, 1, 0});
            return socket.getInputStream().readAllBytes();
        }
    }
}
