package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hazelcast.config.Config;
import io.posthorn.config.ClusterConfig;
import io.posthorn.config.ConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSocketsTest {
    @Test
    void namesEachMemberWithItsPortAndItsAddress() throws Exception {
        // When
        ClusterSockets sockets = ClusterSockets.of(config(Map.of(
                "WEBHOOK_CLUSTER", "members", "WEBHOOK_CLUSTER_MEMBERS", "127.0.0.1,127.0.0.2:5702,[::1],[::1]:5703")));

        // Then
        assertThat(sockets.host()).isEqualTo("127.0.0.1");
        assertThat(sockets.members())
                .allSatisfy(member -> assertThat(member).contains(":"))
                .startsWith("127.0.0.1:" + port(), "127.0.0.2:5702", "[::1]:" + port(), "[::1]:5703");
        assertThat(sockets.seeds()).startsWith("127.0.0.1:" + port(), "127.0.0.2:5702");
    }

    @Test
    void refusesAMemberThatCannotBeLookedUp() {
        assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "members", "WEBHOOK_CLUSTER_MEMBERS", "nowhere.invalid:5701")))
                .isEqualTo(
                        "cluster.members: nowhere.invalid:5701 cannot be looked up (expected: hosts that this machine"
                                + " can find)");
    }

    @Test
    void refusesAnAddressOfAnotherMachineAndOneThatStandsForAll() {
        assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_HOST", "192.0.2.1")))
                .startsWith("the cluster cannot listen at 192.0.2.1:" + port() + " (cluster.host, cluster.port): ");
        assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_HOST", "0.0.0.0")))
                .isEqualTo("cluster.host: 0.0.0.0 stands for every address (expected: the one that other nodes reach"
                        + " this one by)");
        assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_HOST", "nowhere.invalid")))
                .startsWith("cluster.host: nowhere.invalid cannot be looked up");
    }

    @Test
    void refusesAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_PORT", port)))
                    .startsWith("the cluster cannot listen at 127.0.0.1:" + port);
            assertThat(refusal(Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_BUS_PORT", port)))
                    .contains("127.0.0.1:" + port + " (cluster.host, cluster.busPort)");
        }
    }

    @Test
    void refusesACertificateThatCannotBeRead() {
        assertThat(refusal(Map.of(
                        "WEBHOOK_CLUSTER", "multicast",
                        "WEBHOOK_CLUSTER_TLS_CERT", "/nowhere/node.pem",
                        "WEBHOOK_CLUSTER_TLS_KEY", "/nowhere/node.key",
                        "WEBHOOK_CLUSTER_TLS_CA", "/nowhere/ca.pem")))
                .isEqualTo("cluster.tlsCert: /nowhere/node.pem cannot be read");
    }

    @Test
    void hazelcastLooksForNobodyUnasked() throws Exception {
        // When
        Config members = hazelcast(Map.of("WEBHOOK_CLUSTER", "members", "WEBHOOK_CLUSTER_MEMBERS", "127.0.0.1"));
        Config multicast = hazelcast(Map.of("WEBHOOK_CLUSTER", "multicast"));
        Config kubernetes = hazelcast(
                Map.of("WEBHOOK_CLUSTER", "kubernetes", "WEBHOOK_CLUSTER_MEMBERS", "hooks.prod.svc.cluster.local"));

        // Then
        for (Config config : List.of(members, multicast, kubernetes)) {
            assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
            assertThat(config.getNetworkConfig()
                            .getJoin()
                            .getAutoDetectionConfig()
                            .isEnabled())
                    .isFalse();
            assertThat(config.getNetworkConfig().isPortAutoIncrement()).isFalse();
        }
        assertThat(members.getNetworkConfig().getJoin().getMulticastConfig().isEnabled())
                .isFalse();
        assertThat(members.getNetworkConfig().getJoin().getTcpIpConfig().getMembers())
                .containsExactly("127.0.0.1:" + port());
        assertThat(multicast.getNetworkConfig().getJoin().getMulticastConfig().isEnabled())
                .isTrue();
        assertThat(multicast.getNetworkConfig().getJoin().getTcpIpConfig().isEnabled())
                .isFalse();
        assertThat(kubernetes.getNetworkConfig().getJoin().getKubernetesConfig().getProperties())
                .containsEntry("service-name", "hooks")
                .containsEntry("expose-externally", "false")
                .containsEntry("namespace", "prod");
    }

    private static Config hazelcast(Map<String, String> variables) throws ClusterRefused {
        ClusterConfig config = config(variables);
        return HazelcastSettings.of(config, ClusterSockets.of(config));
    }

    private static String refusal(Map<String, String> variables) {
        ClusterRefused refused = catchThrowableOfType(ClusterRefused.class, () -> ClusterSockets.of(config(variables)));
        assertThat(refused).isNotNull();
        return refused.getMessage();
    }

    private static ClusterConfig config(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(Map.of("WEBHOOK_CLUSTER_PORT", String.valueOf(port())));
        all.putAll(variables);
        return new ConfigLoader(all, Map.of()).load(null).settings().cluster();
    }

    /** One that was free when it was first asked for. */
    private static int port() {
        return Free.PORT;
    }

    private static final class Free {
        static final int PORT = find();

        private static int find() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
