package io.posthorn.benchmarks.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.UUID;

/** The ports of a cluster's nodes on this machine: the first is what all others join. One thread. */
final class NodePorts {
    private static final String HOST = "127.0.0.1";

    private final String secret = UUID.randomUUID().toString();
    private int first;

    /** The settings that make the next node a member. */
    Map<String, String> next() throws IOException {
        int port = freePort();
        first = first == 0 ? port : first;
        return Map.of(
                "WEBHOOK_CLUSTER",
                "members",
                "WEBHOOK_CLUSTER_MEMBERS",
                HOST + ":" + first,
                "WEBHOOK_CLUSTER_HOST",
                HOST,
                "WEBHOOK_CLUSTER_PORT",
                Integer.toString(port),
                "WEBHOOK_JWT_SECRET",
                secret);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
