package io.posthorn.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.config.ClusterConfig;
import io.posthorn.config.ConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.Security;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HazelcastPeersTest {
    private static final String NAMES_KEPT = "networkaddress.cache.ttl";

    /** Members are looked up every ten seconds: that finds nothing new while Java keeps what it found before. */
    @Test
    void javaForgetsNamesBeforeTheyAreLookedUpAgainUnlessItWasToldHowLongToKeepThem() throws Exception {
        // When
        peers();
        String unasked = Security.getProperty(NAMES_KEPT);
        String asked;
        try {
            Security.setProperty(NAMES_KEPT, "60");
            peers();
            asked = Security.getProperty(NAMES_KEPT);
        } finally {
            Security.setProperty(NAMES_KEPT, unasked);
        }

        // Then
        assertThat(Integer.parseInt(unasked)).isBetween(0, 9);
        assertThat(asked).isEqualTo("60");
    }

    private static void peers() throws ClusterRefused, IOException {
        ClusterConfig config = new ConfigLoader(
                        Map.of(
                                "WEBHOOK_CLUSTER",
                                "members",
                                "WEBHOOK_CLUSTER_MEMBERS",
                                "127.0.0.1",
                                "WEBHOOK_CLUSTER_PORT",
                                String.valueOf(freePort())),
                        Map.of())
                .load(null)
                .settings()
                .cluster();
        HazelcastPeers made = HazelcastPeers.of(config, new MemberCard("1.0", 1));
        assertThat(made.address()).startsWith("127.0.0.1:");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
