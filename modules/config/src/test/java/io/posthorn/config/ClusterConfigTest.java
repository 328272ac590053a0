package io.posthorn.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterConfigTest {
    private static final Map<String, String> OTHERS = Map.ofEntries(
            entry("WEBHOOK_CLUSTER", "members"),
            entry("WEBHOOK_CLUSTER_NAME", "hooks.eu"),
            entry("WEBHOOK_CLUSTER_HOST", "10.0.0.7"),
            entry("WEBHOOK_CLUSTER_PORT", "5801"),
            entry("WEBHOOK_CLUSTER_MEMBERS", "10.0.0.8:5801, node-b, [::1]:5702"),
            entry("WEBHOOK_CLUSTER_PUBLIC_HOST", "192.0.2.7"),
            entry("WEBHOOK_CLUSTER_BUS_PORT", "5802"),
            entry("WEBHOOK_CLUSTER_FAILURE_TIMEOUT", "5s"),
            entry("WEBHOOK_CLUSTER_TLS_CERT", "/tls/node.pem"),
            entry("WEBHOOK_CLUSTER_TLS_KEY", "/tls/node.key"),
            entry("WEBHOOK_CLUSTER_TLS_CA", "/tls/ca.pem"));

    @Test
    void hasDefaults() {
        assertThat(ClusterConfig.defaults())
                .isEqualTo(new ClusterConfig(
                        ClusterType.NONE,
                        "posthorn",
                        "127.0.0.1",
                        5701,
                        List.of(),
                        null,
                        0,
                        Duration.ofSeconds(15),
                        null,
                        null,
                        null));
        assertThat(SettingsAsserts.load(Map.of()).cluster()).isEqualTo(ClusterConfig.defaults());
        assertThat(ClusterConfig.defaults().isOn()).isFalse();
    }

    @Test
    void takesEveryKeyAtAnotherValue() {
        // When
        ClusterConfig loaded = SettingsAsserts.load(OTHERS).cluster();

        // Then
        assertThat(loaded)
                .isEqualTo(new ClusterConfig(
                        ClusterType.MEMBERS,
                        "hooks.eu",
                        "10.0.0.7",
                        5801,
                        List.of("10.0.0.8:5801", "node-b", "[::1]:5702"),
                        "192.0.2.7",
                        5802,
                        Duration.ofSeconds(5),
                        Path.of("/tls/node.pem"),
                        Path.of("/tls/node.key"),
                        Path.of("/tls/ca.pem")));
        assertThat(loaded.isOn()).isTrue();
        SettingsAsserts.coversEveryKey(ClusterConfig.defaults(), loaded, OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK_CLUSTER | ring | cluster.type: ring (expected: none, members, multicast, dns, kubernetes)",
                "WEBHOOK_CLUSTER_NAME | a b | cluster.name: a b (expected: 1 to 64 letters, digits, dots, dashes or underlines)",
                "WEBHOOK_CLUSTER_PORT | 0 | cluster.port: 0 (expected: 1 to 65535)",
                "WEBHOOK_CLUSTER_PORT | 65536 | cluster.port: 65536 (expected: 1 to 65535)",
                "WEBHOOK_CLUSTER_MEMBERS | a:5701 | cluster.members: 1 entries (expected: none, since cluster.type is none)",
                "WEBHOOK_CLUSTER_BUS_PORT | -1 | cluster.busPort: -1 (expected: 0 to 65535)",
                "WEBHOOK_CLUSTER_BUS_PORT | 65536 | cluster.busPort: 65536 (expected: 0 to 65535)",
                "WEBHOOK_CLUSTER_BUS_PORT | 5701 | cluster.busPort: 5701 (expected: another port than cluster.port)",
                "WEBHOOK_CLUSTER_FAILURE_TIMEOUT | 2s | cluster.failureTimeout: 2s (expected: 3s to 5m)",
                "WEBHOOK_CLUSTER_FAILURE_TIMEOUT | 301s | cluster.failureTimeout: 301s (expected: 3s to 5m)"
            })
    void refusesWhatIsOutOfBounds(String variable, String value, String problem) {
        SettingsAsserts.refuses(variable, value, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "members | cluster.members: unset (expected: the nodes, since cluster.type is members)",
                "dns | cluster.members: 0 entries (expected: one name, since cluster.type is dns)",
                "kubernetes | cluster.members: 0 entries (expected: one name, since cluster.type is kubernetes)"
            })
    void refusesATypeThatLooksForNobody(String type, String problem) {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_CLUSTER", type))).containsExactly(problem);
    }

    @Test
    void refusesMembersThatAreNoHosts() {
        assertThat(SettingsAsserts.problems(Map.of(
                        "WEBHOOK_CLUSTER", "members", "WEBHOOK_CLUSTER_MEMBERS", "a:5701,b:port,c:99999,http://d")))
                .containsExactly(
                        "cluster.members: b:port (expected: host or host:port), from WEBHOOK_CLUSTER_MEMBERS",
                        "cluster.members: c:99999 (expected: host or host:port), from WEBHOOK_CLUSTER_MEMBERS",
                        "cluster.members: http://d (expected: host or host:port), from WEBHOOK_CLUSTER_MEMBERS");
    }

    @Test
    void refusesMoreThanOneNameWhereOneStandsForAll() {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_CLUSTER", "dns", "WEBHOOK_CLUSTER_MEMBERS", "a,b")))
                .containsExactly("cluster.members: 2 entries (expected: one name, since cluster.type is dns),"
                        + " from WEBHOOK_CLUSTER_MEMBERS");
    }

    @Test
    void refusesHalfOfWhatTlsNeeds() {
        assertThat(SettingsAsserts.problems(Map.of("WEBHOOK_CLUSTER_TLS_CERT", "/tls/node.pem")))
                .containsExactly("cluster.tlsCert: 1 of 3 files (expected: cluster.tlsCert, cluster.tlsKey and"
                        + " cluster.tlsCa together, or none of them), from WEBHOOK_CLUSTER_TLS_CERT");
    }
}
