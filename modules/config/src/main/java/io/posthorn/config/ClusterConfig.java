package io.posthorn.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How this node and others make a cluster. Nothing is looked for unless a type is set. */
public record ClusterConfig(
        @Setting(
                env = "WEBHOOK_CLUSTER",
                key = "cluster.type",
                doc = "How nodes find each other: none (this node is alone), members, multicast, dns or kubernetes.")
        ClusterType type,

        @Setting(
                env = "WEBHOOK_CLUSTER_NAME",
                key = "cluster.name",
                doc = "The name of the cluster; nodes with another name are left alone.")
        String name,

        @Setting(
                env = "WEBHOOK_CLUSTER_HOST",
                key = "cluster.host",
                doc =
                        "The address or name of this machine that the other nodes reach it by; auto: the address of its host name.")
        String host,

        @Setting(
                env = "WEBHOOK_CLUSTER_PORT",
                key = "cluster.port",
                doc = "The port for membership, and of members that name none.")
        int port,

        @Setting(
                env = "WEBHOOK_CLUSTER_MEMBERS",
                key = "cluster.members",
                doc = "members: some or all nodes, host or host:port, comma-separated; dns: a name that stands for all"
                        + " nodes; kubernetes: their service, as name or name.namespace.")
        List<String> members,

        @Setting(
                env = "WEBHOOK_CLUSTER_PUBLIC_HOST",
                key = "cluster.publicHost",
                doc = "The address that is told to the other nodes where it is not the one that is listened on.")
        @Nullable
        String publicHost,

        @Setting(
                env = "WEBHOOK_CLUSTER_BUS_PORT",
                key = "cluster.busPort",
                doc = "The port for messages between nodes; 0 picks a free one, which the others are told.")
        int busPort,

        @Setting(
                env = "WEBHOOK_CLUSTER_FAILURE_TIMEOUT",
                key = "cluster.failureTimeout",
                doc = "After how long without a sign a node whose connections still stand counts as dead.")
        Duration failureTimeout,

        @Setting(
                env = "WEBHOOK_CLUSTER_TLS_CERT",
                key = "cluster.tlsCert",
                doc = "A certificate in PEM: messages between nodes go over TLS, and both sides show one.")
        @Nullable
        Path tlsCert,

        @Setting(env = "WEBHOOK_CLUSTER_TLS_KEY", key = "cluster.tlsKey", doc = "Its private key in PEM (PKCS#8).")
        @Nullable
        Path tlsKey,

        @Setting(
                env = "WEBHOOK_CLUSTER_TLS_CA",
                key = "cluster.tlsCa",
                doc = "The certificate in PEM of the authority that signed those of all nodes.")
        @Nullable
        Path tlsCa) {
    /** The {@link #host} that stands for the address of this machine's own name. */
    public static final String AUTO_HOST = "auto";

    private static final int MOST_MEMBERS = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Duration SHORTEST_FAILURE = Duration.ofSeconds(3);
    private static final Duration LONGEST_FAILURE = Duration.ofMinutes(5);

    public ClusterConfig {
        members = List.copyOf(members);
        long tlsFiles =
                Stream.of(tlsCert, tlsKey, tlsCa).filter(file -> file != null).count();
        new Bounds()
                .require(
                        NAME.matcher(name).matches(),
                        "cluster.name",
                        name,
                        "1 to 64 letters, digits, dots, dashes or underlines")
                .present("cluster.host", host)
                .between("cluster.port", port, 1, 65_535)
                .size("cluster.members", members, MOST_MEMBERS)
                .each("cluster.members", members, HostPort::isHostOrHostPort, member -> member, "host or host:port")
                .require(
                        members.isEmpty() || (type != ClusterType.NONE && type != ClusterType.MULTICAST),
                        "cluster.members",
                        members.size() + " entries",
                        "none, since cluster.type is " + type.toString().toLowerCase(java.util.Locale.ROOT))
                .require(
                        type != ClusterType.MEMBERS || !members.isEmpty(),
                        "cluster.members",
                        "unset",
                        "the nodes, since cluster.type is members")
                .require(
                        (type != ClusterType.DNS && type != ClusterType.KUBERNETES) || members.size() == 1,
                        "cluster.members",
                        members.size() + " entries",
                        "one name, since cluster.type is " + type.toString().toLowerCase(java.util.Locale.ROOT))
                .between("cluster.busPort", busPort, 0, 65_535)
                .require(
                        busPort == 0 || busPort != port,
                        "cluster.busPort",
                        String.valueOf(busPort),
                        "another port than cluster.port")
                .require(
                        failureTimeout.compareTo(SHORTEST_FAILURE) >= 0
                                && failureTimeout.compareTo(LONGEST_FAILURE) <= 0,
                        "cluster.failureTimeout",
                        DurationText.format(failureTimeout),
                        "3s to 5m")
                .require(
                        tlsFiles == 0 || tlsFiles == 3,
                        "cluster.tlsCert",
                        tlsFiles + " of 3 files",
                        "cluster.tlsCert, cluster.tlsKey and cluster.tlsCa together, or none of them")
                .check();
    }

    /** The settings of a node that was told nothing: it is alone. */
    public static ClusterConfig defaults() {
        return new ClusterConfig(
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
                null);
    }

    /** Whether there is a cluster at all. */
    public boolean isOn() {
        return type != ClusterType.NONE;
    }
}
