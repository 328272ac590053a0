package io.posthorn.app.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import io.posthorn.config.ClusterConfig;
import io.posthorn.config.ClusterType;

/**
 * The settings of a node as Hazelcast's. It tells nobody outside that it runs, looks for no members that nobody asked it
 * to look for, and listens at one address only.
 */
final class HazelcastSettings {
    private static final int CONNECT_SECONDS = 3;

    private HazelcastSettings() {}

    static Config of(ClusterConfig cluster, ClusterSockets sockets) {
        Config config = new Config();
        config.setClusterName(cluster.name());
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        properties(config, cluster);
        network(config.getNetworkConfig(), cluster, sockets);
        // As Vert.x has them in its own file: an address has a set of consumers, not a list.
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist().addPrefixes("io.vertx.");
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter);
        return config;
    }

    private static void properties(Config config, ClusterConfig cluster) {
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.socket.bind.any", "false");
        // Whoever is there answers at once; those that nobody heard of find each other by the merge below.
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.max.join.seconds", "60");
        config.setProperty("hazelcast.socket.connect.timeout.seconds", String.valueOf(CONNECT_SECONDS));
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty(
                "hazelcast.max.no.heartbeat.seconds",
                String.valueOf(cluster.failureTimeout().toSeconds()));
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        config.setProperty("hazelcast.graceful.shutdown.max.wait", "10");
    }

    private static void network(NetworkConfig network, ClusterConfig cluster, ClusterSockets sockets) {
        network.setPort(cluster.port()).setPortAutoIncrement(false).setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(sockets.host());
        if (cluster.publicHost() != null) {
            network.setPublicAddress(cluster.publicHost() + ":" + cluster.port());
        }
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(cluster.type() == ClusterType.MULTICAST);
        boolean byList = cluster.type() == ClusterType.MEMBERS || cluster.type() == ClusterType.DNS;
        join.getTcpIpConfig().setEnabled(byList).setConnectionTimeoutSeconds(CONNECT_SECONDS);
        if (byList) {
            // Addresses, since of a name that stands for several only those of this machine would be tried.
            join.getTcpIpConfig().setMembers(sockets.seeds());
        }
        if (cluster.type() == ClusterType.KUBERNETES) {
            String service = ClusterSockets.hostOf(sockets.members().get(0));
            int dot = service.indexOf('.');
            join.getKubernetesConfig()
                    .setEnabled(true)
                    // It would ask for services and nodes, which accounts may not read, and warn of that.
                    .setProperty("expose-externally", "false")
                    .setProperty("service-name", dot < 0 ? service : service.substring(0, dot))
                    .setProperty("service-port", String.valueOf(cluster.port()));
            if (dot >= 0) {
                String rest = service.substring(dot + 1);
                int end = rest.indexOf('.');
                join.getKubernetesConfig().setProperty("namespace", end < 0 ? rest : rest.substring(0, end));
            }
        }
    }
}
