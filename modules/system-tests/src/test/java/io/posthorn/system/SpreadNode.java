package io.posthorn.system;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a test takes for one node, as a cluster on the loopback: a front with the API, one process with the storage and the
 * data, and two that send, or one where the test wants a single dispatcher. Everything a test says of roles and settings holds
 * for all of them together.
 */
final class SpreadNode {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROLES = "--roles=";
    private static final List<String> ALL =
            List.of("ingestion", "validation", "ratelimit", "storage", "dispatch", "health");

    private final Path data;
    private final Map<String, String> settings;
    private final List<String> options;
    private final List<String> roles;

    SpreadNode(Path data, Map<String, String> settings, String... options) {
        this.data = data;
        this.settings = settings;
        this.options = Stream.of(options).filter(one -> !one.startsWith(ROLES)).toList();
        this.roles = Stream.of(options)
                .filter(one -> one.startsWith(ROLES))
                .map(one -> List.of(one.substring(ROLES.length()).split(",")))
                .findFirst()
                .orElse(ALL);
    }

    /** Starts all of them at once, and waits until the front knows every role of the others. */
    PosthornProcess start() throws Exception {
        List<String> parts = new ArrayList<>();
        parts.add(String.join(
                ",",
                roles.stream()
                        .filter(role -> !role.equals("storage") && !role.equals("dispatch"))
                        .toList()));
        int dispatchers = "1".equals(settings.get("WEBHOOK_DISPATCH_INSTANCES")) ? 1 : 2;
        for (int i = 0; i < dispatchers && roles.contains("dispatch"); i++) {
            parts.add("dispatch,health");
        }
        if (roles.contains("storage")) {
            // Stops last, so that the others can still store what they have.
            parts.add("storage,health");
        }
        List<Integer> places = ClusterOfProcesses.freePorts(parts.size());
        List<PosthornProcess> started = new ArrayList<>();
        try {
            for (int i = 0; i < parts.size(); i++) {
                started.add(launch(places, i, parts.get(i)));
            }
            for (PosthornProcess one : started) {
                one.awaitReady();
            }
            PosthornProcess front = started.get(0);
            await().atMost(PATIENCE).until(() -> isWhole(front, parts.size()));
            front.putBefore(started.subList(1, started.size()));
            return front;
        } catch (Exception | AssertionError e) {
            started.forEach(PosthornProcess::close);
            throw e;
        }
    }

    private PosthornProcess launch(List<Integer> places, int place, String part) throws IOException {
        Map<String, String> all = new HashMap<>(ClusterOfProcesses.membership(places, places.get(place)));
        all.putAll(settings);
        List<String> arguments = new ArrayList<>(options);
        arguments.add(ROLES + part);
        return PosthornProcess.launch(List.of(), data, all, arguments.toArray(String[]::new));
    }

    private boolean isWhole(PosthornProcess front, int count) throws IOException, InterruptedException {
        JsonObject health = new JsonObject(front.management("/health").body());
        JsonObject missing = health.getJsonObject("checks").getJsonObject("cluster", new JsonObject());
        return health.getJsonArray("nodes").size() == count
                && roles.stream().noneMatch(role -> missing.containsKey("role-" + role));
    }
}
