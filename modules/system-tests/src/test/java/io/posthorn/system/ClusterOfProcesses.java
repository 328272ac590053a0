package io.posthorn.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nodes that find each other on the loopback: as many as it has places, each with a port that was free. */
final class ClusterOfProcesses implements AutoCloseable {
    static final String SECRET = "a secret that all nodes of a test have";

    private final Path directory;
    private final Map<String, String> settings;
    private final Deque<Integer> free = new ArrayDeque<>();
    private final String members;
    private final List<PosthornProcess> started = new ArrayList<>();

    /** @param settings of all nodes */
    ClusterOfProcesses(Path directory, int places, Map<String, String> settings) throws IOException {
        this.directory = directory;
        this.settings = settings;
        free.addAll(freePorts(places));
        members = named(free);
    }

    /** Starts a node at the next place and waits until it is ready. */
    PosthornProcess start(String roles) throws Exception {
        return start(free.remove(), roles, Map.of());
    }

    /** Starts a node with settings of its own. */
    PosthornProcess start(String roles, Map<String, String> own) throws Exception {
        return start(free.remove(), roles, own);
    }

    /** A place that a node will have, so that it can be started there again. */
    int place() {
        return free.remove();
    }

    PosthornProcess start(int place, String roles, Map<String, String> own) throws Exception {
        PosthornProcess node =
                PosthornProcess.startBehind(List.of(), data(place), settings(place, own), "--roles=" + roles);
        started.add(node);
        return node;
    }

    /** All places, as the setting names them. */
    String members() {
        return members;
    }

    Path data(int place) {
        return directory.resolve("node-" + place);
    }

    /** What a node there is started with. */
    Map<String, String> settings(int place, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(membership(members, place));
        all.putAll(settings);
        all.putAll(own);
        return all;
    }

    /** What makes a node a member, at one of these places. */
    static Map<String, String> membership(List<Integer> places, int place) {
        return membership(named(places), place);
    }

    private static Map<String, String> membership(String members, int place) {
        return Map.of(
                "WEBHOOK_CLUSTER",
                "members",
                "WEBHOOK_CLUSTER_MEMBERS",
                members,
                "WEBHOOK_CLUSTER_PORT",
                String.valueOf(place),
                "WEBHOOK_JWT_SECRET",
                SECRET);
    }

    private static String named(Collection<Integer> places) {
        return places.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        started.forEach(PosthornProcess::close);
    }

    /** All free at the same moment, so that none is given twice. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }
}
