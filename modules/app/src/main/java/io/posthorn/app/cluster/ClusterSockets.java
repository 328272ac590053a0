package io.posthorn.app.cluster;

import io.posthorn.config.ClusterConfig;
import io.posthorn.config.ClusterType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a cluster, looked up and tried before anything is started, so that what is wrong with them is said in
 * one line.
 *
 * @param host the address to listen on, as numbers
 * @param members {@code host:port} for each member that is named, as written
 * @param seeds the same as numbers; empty where the type looks for members itself
 */
record ClusterSockets(String host, List<String> members, List<String> seeds) {
    private static final String NAMES = "cluster.members: ";

    /** Blocks while names are looked up. */
    static ClusterSockets of(ClusterConfig config) throws ClusterRefused {
        InetAddress own = own(config);
        requireFree(own, config.port(), "cluster.port");
        if (config.busPort() != 0) {
            requireFree(own, config.busPort(), "cluster.busPort");
        }
        requireReadable("cluster.tlsCert", config.tlsCert());
        requireReadable("cluster.tlsKey", config.tlsKey());
        requireReadable("cluster.tlsCa", config.tlsCa());
        List<String> members = config.members().stream()
                .map(member -> withPort(member, config.port()))
                .toList();
        return new ClusterSockets(
                own.getHostAddress(), members, config.type() == ClusterType.KUBERNETES ? List.of() : lookUp(members));
    }

    /** What the members stand for now. Blocks. */
    static List<String> lookUp(List<String> members) throws ClusterRefused {
        List<String> seeds = new ArrayList<>();
        for (String member : members) {
            seeds.addAll(resolve(member));
        }
        return seeds;
    }

    static String hostOf(String hostAndPort) {
        String host = hostAndPort.substring(0, hostAndPort.lastIndexOf(':'));
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** A host in brackets is one with a port only if something follows them. */
    private static String withPort(String member, int port) {
        boolean has = member.startsWith("[") ? !member.endsWith("]") : member.contains(":");
        return has ? member : member + ":" + port;
    }

    private static InetAddress own(ClusterConfig config) throws ClusterRefused {
        try {
            return config.host().equals(ClusterConfig.AUTO_HOST)
                    ? InetAddress.getLocalHost()
                    : InetAddress.getByName(config.host());
        } catch (UnknownHostException e) {
            throw new ClusterRefused(
                    "cluster.host: " + config.host() + " cannot be looked up (expected: an address of this machine)",
                    e);
        }
    }

    private static List<String> resolve(String member) throws ClusterRefused {
        String port = member.substring(member.lastIndexOf(':') + 1);
        List<String> found = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(hostOf(member))) {
                String text = address.getHostAddress();
                found.add((text.contains(":") ? "[" + text + "]" : text) + ":" + port);
            }
        } catch (UnknownHostException e) {
            throw new ClusterRefused(
                    NAMES + member + " cannot be looked up (expected: hosts that this machine can find)", e);
        }
        return found;
    }

    private static void requireFree(InetAddress address, int port, String key) throws ClusterRefused {
        if (address.isAnyLocalAddress()) {
            throw new ClusterRefused("cluster.host: " + address.getHostAddress()
                    + " stands for every address (expected: the one that other nodes reach this one by)");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new ClusterRefused(
                    "the cluster cannot listen at " + address.getHostAddress() + ":" + port + " (cluster.host, " + key
                            + "): " + e.getMessage(),
                    e);
        }
    }

    private static void requireReadable(String key, @Nullable Path file) throws ClusterRefused {
        if (file != null && !Files.isReadable(file)) {
            throw new ClusterRefused(key + ": " + file + " cannot be read");
        }
    }
}
