package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.system.NetworkOfNamespaces.Place;
import io.posthorn.system.NetworkOfNamespaces.Side;
import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes on two sides of a link that is cut, healed and slowed down under load; the receiver counts. Skipped where no
 * network namespace can be made.
 */
class SplitNetworkST {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** From the moment when the link is whole again. */
    private static final Duration TO_SERVE_AGAIN = Duration.ofSeconds(20);

    /** Much less than a request may take. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final int SLOTS = 64;
    private static final String ALL_BUT_DISPATCH = "storage,validation,ratelimit,ingestion,health";
    private static final String DISPATCH = "dispatch,health";
    private static final String CLUSTER_PORT = "5701";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<ClusterLoad> loads = new ArrayList<>();
    private NetworkOfNamespaces network;
    private CountingReceiver receiver;

    @BeforeEach
    void start() {
        assumeThat(NetworkOfNamespaces.impediment())
                .as("skipped, since no network can be made here")
                .isEmpty();
        network = new NetworkOfNamespaces();
        receiver = CountingReceiver.start(vertx, network.front());
    }

    @AfterEach
    void stop() throws Exception {
        try {
            for (ClusterLoad load : loads) {
                load.stop();
            }
            for (AutoCloseable one : opened) {
                one.close();
            }
        } finally {
            if (network != null) {
                network.close();
            }
            Futures.resultOf(vertx.close());
        }
    }

    @Test
    void halvesThatBothReachTheStoreKeepWhatTheyAcceptedAndJoinAgain() throws Exception {
        // Given
        List<Place> places = places(Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT);
        RedisInPlace redis = redis();
        Map<String, String> settings = Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.frontUrl());
        List<PosthornProcess> nodes = start(places, settings, ALL_BUT_DISPATCH, DISPATCH, ALL_BUT_DISPATCH, DISPATCH);
        await().atMost(PATIENCE).until(() -> knowEachOther(nodes));
        String app = prepare(nodes.get(0));
        ClusterLoad left = load(app, nodes.get(0));
        ClusterLoad right = load(app, nodes.get(2));
        await().atMost(PATIENCE).until(() -> left.acceptedCount() >= 300 && right.acceptedCount() >= 300);

        // When
        network.cut();
        await().atMost(PATIENCE).until(() -> known(nodes.get(0)) == 2 && known(nodes.get(2)) == 2);
        int acceptedLeft = left.acceptedCount();
        int acceptedRight = right.acceptedCount();
        await().atMost(PATIENCE)
                .until(() ->
                        left.acceptedCount() >= acceptedLeft + 300 && right.acceptedCount() >= acceptedRight + 300);
        Set<String> whileCut = right.accepted();
        await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(whileCut));
        network.heal();

        // Then
        await().atMost(TO_SERVE_AGAIN).until(() -> knowEachOther(nodes));
        left.stop();
        right.stop();
        requireEverything(nodes.get(0), left, right);
        assertThat(receiver.repeats().size()).isLessThanOrEqualTo(2 * SLOTS);
        await().atMost(PATIENCE).until(() -> nodes.stream().noneMatch(SplitNetworkST::hasProblems));
    }

    @Test
    void theHalfWithoutTheStoreRefusesAndAcceptsAgainWhenItReachesIt() throws Exception {
        // Given
        List<Place> places = places(Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT);
        RedisInPlace redis = redis();
        Map<String, String> settings = Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.behindUrl());
        List<PosthornProcess> nodes = start(places, settings, ALL_BUT_DISPATCH, DISPATCH, ALL_BUT_DISPATCH, DISPATCH);
        await().atMost(PATIENCE).until(() -> knowEachOther(nodes));
        PosthornProcess rightApi = nodes.get(2);
        String app = prepare(nodes.get(0));
        ClusterLoad left = load(app, nodes.get(0));
        ClusterLoad right = load(app, rightApi);
        await().atMost(PATIENCE).until(() -> left.acceptedCount() >= 300 && right.acceptedCount() >= 300);

        // When
        network.cut();
        await().atMost(PATIENCE).until(() -> known(nodes.get(0)) == 2 && known(rightApi) == 2);
        HttpResponse<String> refused = rightApi.call("POST", "/app/" + app + "/msg", ClusterLoad.BODY);
        int acceptedLeft = left.acceptedCount();
        await().atMost(PATIENCE).until(() -> left.acceptedCount() >= acceptedLeft + 300);
        int acceptedRight = right.acceptedCount();
        network.heal();

        // Then
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        await().atMost(TO_SERVE_AGAIN).until(() -> right.acceptedCount() >= acceptedRight + 100);
        await().atMost(TO_SERVE_AGAIN).until(() -> knowEachOther(nodes));
        left.stop();
        right.stop();
        requireEverything(nodes.get(0), left, right);
        assertThat(receiver.repeats().size()).isLessThanOrEqualTo(2 * SLOTS);
        assertThat(right.refused().keySet()).isSubsetOf(503, 0);
    }

    @Test
    void rolesOnTheOtherSideAreUsedAgainWhenTheLinkIsBack() throws Exception {
        // Given
        List<Place> places = places(Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT);
        List<PosthornProcess> nodes =
                start(places, Map.of(), ALL_BUT_DISPATCH, DISPATCH, "ingestion,validation,health", DISPATCH);
        await().atMost(PATIENCE).until(() -> knowEachOther(nodes));
        String app = prepare(nodes.get(0));
        List<String> pages =
                List.of("/app", "/app/" + app, "/app/" + app + "/msg", "/app/" + app + "/backlog", "/background-task");
        assertThat(askedFor(nodes.get(2), pages)).allMatch(answer -> answer.startsWith("200 "));
        ClusterLoad left = load(app, nodes.get(0));
        ClusterLoad right = load(app, nodes.get(2));
        await().atMost(PATIENCE).until(() -> left.acceptedCount() >= 300 && right.acceptedCount() >= 300);

        // When
        network.cut();
        await().atMost(PATIENCE).until(() -> known(nodes.get(0)) == 2 && known(nodes.get(2)) == 2);
        List<String> refused = askedFor(nodes.get(2), pages);
        int acceptedRight = right.acceptedCount();
        network.heal();

        // Then
        assertThat(refused).as("the role is missed at once").allMatch(answer -> answer.startsWith("503 at once "));
        await().atMost(TO_SERVE_AGAIN).until(() -> right.acceptedCount() >= acceptedRight + 100);
        await().atMost(TO_SERVE_AGAIN).until(() -> knowEachOther(nodes));
        assertThat(nodes.get(1).terminate()).isZero();
        left.stop();
        right.stop();
        requireEverything(nodes.get(0), left, right);
        assertThat(receiver.repeats().size()).isLessThanOrEqualTo(SLOTS);
    }

    @Test
    void overASlowLinkNothingIsLost() throws Exception {
        // Given
        List<Place> places = places(Side.LEFT, Side.RIGHT, Side.RIGHT);
        List<PosthornProcess> nodes =
                start(places, Map.of(), ALL_BUT_DISPATCH, DISPATCH, "ingestion,validation,health");
        await().atMost(PATIENCE).until(() -> knowEachOther(nodes));
        String app = prepare(nodes.get(0));

        // When
        String how = network.slowDown(300, 2_000);
        ClusterLoad right = load(app, nodes.get(2));
        await().atMost(PATIENCE).until(() -> right.acceptedCount() >= 200);
        right.stop();

        // Then
        requireEverything(nodes.get(0), right);
        assertThat(receiver.repeats()).as(how).isEmpty();
        assertThat(right.refused()).as(how).isEmpty();
        await().atMost(PATIENCE).until(() -> knowEachOther(nodes));
    }

    private List<Place> places(Side... sides) {
        List<Place> places = new ArrayList<>();
        for (Side side : sides) {
            places.add(network.place(side));
        }
        return places;
    }

    private RedisInPlace redis() throws IOException {
        RedisInPlace redis = new RedisInPlace(network.place(Side.LEFT), directory.resolve("redis"));
        opened.add(redis);
        return redis;
    }

    /** One node a place, with the roles of the same number. */
    private List<PosthornProcess> start(List<Place> places, Map<String, String> settings, String... roles)
            throws Exception {
        String members = places.stream().map(Place::behind).collect(Collectors.joining(","));
        List<PosthornProcess> nodes = new ArrayList<>();
        for (int i = 0; i < roles.length; i++) {
            Place place = places.get(i);
            Map<String, String> all = new HashMap<>(settings);
            all.put("WEBHOOK_CLUSTER", "members");
            all.put("WEBHOOK_CLUSTER_MEMBERS", members);
            all.put("WEBHOOK_CLUSTER_HOST", place.behind());
            all.put("WEBHOOK_CLUSTER_PORT", CLUSTER_PORT);
            all.put("WEBHOOK_CLUSTER_FAILURE_TIMEOUT", "5");
            all.put("WEBHOOK_JWT_SECRET", ClusterOfProcesses.SECRET);
            all.put("WEBHOOK_HTTP_HOST", place.front());
            all.put("WEBHOOK_MANAGEMENT_HOST", place.front());
            all.put("WEBHOOK_EGRESS_ALLOW", network.fronts());
            all.put("WEBHOOK_MAX_WORKERS", String.valueOf(SLOTS));
            all.put("WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT", String.valueOf(SLOTS));
            PosthornProcess node = PosthornProcess.startBehind(
                    place.prefix(), directory.resolve("node-" + i), all, "--roles=" + roles[i]);
            opened.add(node);
            nodes.add(node);
        }
        return nodes;
    }

    private ClusterLoad load(String app, PosthornProcess node) {
        ClusterLoad load = new ClusterLoad(app, node);
        loads.add(load);
        return load;
    }

    private String prepare(PosthornProcess node) throws Exception {
        String app = node.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        JsonObject endpoint = node.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}");
        assertThat(endpoint.getBoolean("disabled")).isFalse();
        return app;
    }

    /** For each of these pages the status and text of the answer, and whether it came at once. */
    private static List<String> askedFor(PosthornProcess node, List<String> pages) throws Exception {
        List<String> answers = new ArrayList<>();
        for (String page : pages) {
            long begin = System.nanoTime();
            HttpResponse<String> answer = node.call("GET", page, "");
            boolean atOnce = System.nanoTime() - begin < AT_ONCE.toNanos();
            answers.add(answer.statusCode() + (atOnce ? " at once " : " late ") + page + " " + answer.body());
        }
        return answers;
    }

    /** All that was accepted has come, and nothing is left. */
    private void requireEverything(PosthornProcess node, ClusterLoad... loads) {
        for (ClusterLoad load : loads) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(load.accepted()));
        }
        await().atMost(PATIENCE).until(() -> {
            JsonObject backlog = health(node).getJsonObject("backlog");
            return backlog != null && backlog.getLong("waiting") == 0 && backlog.getLong("inFlight") == 0;
        });
    }

    /** Whether every node hears of every other. */
    private static boolean knowEachOther(List<PosthornProcess> nodes) {
        return nodes.stream().allMatch(node -> known(node) == nodes.size());
    }

    private static int known(PosthornProcess node) {
        return health(node).getJsonArray("nodes").size();
    }

    /** Whether roles or members are missing, or do not fit, as that node sees it. */
    private static boolean hasProblems(PosthornProcess node) {
        return health(node).getJsonObject("checks").containsKey("cluster");
    }

    private static JsonObject health(PosthornProcess node) {
        try {
            return new JsonObject(node.management("/health").body());
        } catch (IOException e) {
            throw new AssertionError("a management port does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
