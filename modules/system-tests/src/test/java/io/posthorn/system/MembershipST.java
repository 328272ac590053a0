package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.system.NetworkOfNamespaces.Place;
import io.posthorn.system.NetworkOfNamespaces.Side;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that no list names find each other: by multicast, by a name and by Kubernetes, each on a machine of its own. What one
 * accepts another delivers. Skipped where no network namespace can be made.
 */
@Timeout(240)
class MembershipST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ALL_BUT_DISPATCH = "ingestion,validation,ratelimit,storage,health";
    private static final String DISPATCH = "dispatch,health";
    private static final int PORT = 5701;
    private static final String NAME = "nodes.example.com";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<PosthornProcess> started = new ArrayList<>();
    private NetworkOfNamespaces network;
    private ScriptedReceiver receiver;

    @BeforeEach
    void start() {
        assumeThat(NetworkOfNamespaces.impediment())
                .as("skipped, since no network can be made here")
                .isEmpty();
        network = new NetworkOfNamespaces();
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx, network.front()));
    }

    @AfterEach
    void stop() {
        try {
            started.forEach(PosthornProcess::close);
        } finally {
            if (network != null) {
                network.close();
            }
            Futures.resultOf(vertx.close());
        }
    }

    @Test
    void nodesOfTheSameNameFindEachOtherByMulticast() throws Exception {
        // Given
        Place first = network.place(Side.LEFT);
        Place second = network.place(Side.RIGHT);
        Place third = network.place(Side.RIGHT);

        // When
        PosthornProcess api = launch(first, first.prefix(), ALL_BUT_DISPATCH, Map.of("WEBHOOK_CLUSTER", "multicast"));
        launch(second, second.prefix(), DISPATCH, Map.of("WEBHOOK_CLUSTER", "multicast"));
        PosthornProcess stranger = launch(
                third,
                third.prefix(),
                ALL_BUT_DISPATCH,
                Map.of("WEBHOOK_CLUSTER", "multicast", "WEBHOOK_CLUSTER_NAME", "another"));
        awaitReady();

        // Then
        awaitListed(api, first, second);
        new SignedDelivery(api, receiver).require();
        assertThat(listed(api)).isEqualTo(members(first, second));
        assertThat(listed(stranger)).isEqualTo(members(third));
    }

    @Test
    void nodesFindAllThatANameStandsForAndThoseThatItGetsLater() throws Exception {
        // Given
        Place first = network.place(Side.LEFT);
        Place second = network.place(Side.LEFT);
        Place later = network.place(Side.RIGHT);
        OwnFiles known = new OwnFiles(directory.resolve("known")).hosts(NAME, addresses(first, second));
        OwnFiles alone = new OwnFiles(directory.resolve("alone")).hosts(NAME, addresses(later));
        Map<String, String> settings = Map.of("WEBHOOK_CLUSTER", "dns", "WEBHOOK_CLUSTER_MEMBERS", NAME);

        // When
        PosthornProcess api = launch(first, known.prefix(first), ALL_BUT_DISPATCH, settings);
        PosthornProcess sender = launch(second, known.prefix(second), DISPATCH, settings);
        PosthornProcess newcomer = launch(later, alone.prefix(later), DISPATCH, settings);
        awaitReady();

        // Then
        awaitListed(api, first, second);
        SignedDelivery delivery = new SignedDelivery(api, receiver);
        delivery.require();
        assertThat(heardOf(newcomer)).isEqualTo(1);

        // When: all of them look the same name up
        known.hosts(NAME, addresses(first, second, later));
        alone.hosts(NAME, addresses(first, second, later));

        // Then
        awaitListed(api, first, second, later);
        sender.kill();
        awaitListed(api, first, later);
        delivery.require();
    }

    @Test
    void podsFindEachOtherByTheirServiceWhicheverOfItsListsTheirAccountMayRead() throws Exception {
        // Given
        assumeThat(KubernetesApi.impediment(network.front()))
                .as("skipped, since Kubernetes has one port only")
                .isEmpty();
        TestAuthority authority = new TestAuthority(directory);
        Place first = network.place(Side.LEFT);
        Place second = network.place(Side.RIGHT);
        Place third = network.place(Side.RIGHT);
        KubernetesApi kubernetes = new KubernetesApi(
                vertx, network.front(), authority.holder("kubernetes", "-ext", "san=dns:" + KubernetesApi.NAME));
        String slices = "/apis/discovery.k8s.io/v1/namespaces/events/endpointslices";
        String ofService = slices + "?labelSelector=kubernetes.io/service-name=nodes";
        String endpoints = "/api/v1/namespaces/events/endpoints/nodes";
        kubernetes.allow("reads slices", slices, slices(addresses(first, second)));
        kubernetes.allow("reads slices", ofService, slices(addresses(first, second)));
        kubernetes.allow("reads endpoints", endpoints, endpoints(addresses(first, second)));

        kubernetes.allow("reads neither", "/version", new JsonObject());

        // When: one says where its service is, the other is there
        PosthornProcess api = launch(
                first,
                pod("pod-0", "reads slices", "default", authority).prefix(first),
                ALL_BUT_DISPATCH,
                Map.of("WEBHOOK_CLUSTER", "kubernetes", "WEBHOOK_CLUSTER_MEMBERS", "nodes.events"));
        launch(
                second,
                pod("pod-1", "reads endpoints", "events", authority).prefix(second),
                DISPATCH,
                Map.of("WEBHOOK_CLUSTER", "kubernetes", "WEBHOOK_CLUSTER_MEMBERS", "nodes"));
        PosthornProcess stranger = launch(
                third,
                pod("pod-2", "reads neither", "events", authority).prefix(third),
                ALL_BUT_DISPATCH,
                Map.of("WEBHOOK_CLUSTER", "kubernetes", "WEBHOOK_CLUSTER_MEMBERS", "nodes"));
        awaitReady();

        // Then
        awaitListed(api, first, second);
        new SignedDelivery(api, receiver).require();
        assertThat(kubernetes.asked())
                .contains(
                        new KubernetesApi.Asked("reads slices", ofService, 200),
                        new KubernetesApi.Asked("reads endpoints", endpoints, 200))
                .noneMatch(asked -> asked.status() == 401);
        assertThat(kubernetes.asked().stream()
                        .filter(asked -> asked.status() == 403 && !asked.token().equals("reads neither"))
                        .map(KubernetesApi.Asked::uri))
                .as("what else they ask, and can do without: where they run, and whether slices may be read")
                .allMatch(uri -> uri.startsWith("/api/v1/namespaces/events/pods/") || uri.equals(slices));
        assertThat(listed(stranger)).isEqualTo(members(third));
        assertThat(stranger.output()).anyMatch(line -> line.contains("Kubernetes API access is forbidden!"));
    }

    /** As they are while pods start: known, and not ready. */
    private static JsonObject slices(List<String> addresses) {
        JsonArray pods = new JsonArray();
        addresses.forEach(address -> pods.add(new JsonObject()
                .put("addresses", new JsonArray().add(address))
                .put("conditions", new JsonObject().put("ready", false))
                .put("targetRef", new JsonObject().put("kind", "Pod").put("name", "pod-" + address))));
        return new JsonObject()
                .put("kind", "EndpointSliceList")
                .put(
                        "items",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("addressType", "IPv4")
                                        .put("metadata", new JsonObject().put("name", "nodes-x2k4f"))
                                        .put("endpoints", pods)
                                        .put("ports", new JsonArray())));
    }

    private static JsonObject endpoints(List<String> addresses) {
        JsonArray pods = new JsonArray();
        addresses.forEach(address -> pods.add(new JsonObject()
                .put("ip", address)
                .put("targetRef", new JsonObject().put("kind", "Pod").put("name", "pod-" + address))));
        return new JsonObject()
                .put("kind", "Endpoints")
                .put("metadata", new JsonObject().put("name", "nodes"))
                .put(
                        "subsets",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("notReadyAddresses", pods)
                                        .put("ports", new JsonArray())));
    }

    private OwnFiles pod(String name, String token, String namespace, TestAuthority authority) throws Exception {
        return new OwnFiles(directory.resolve(name))
                .hosts(KubernetesApi.NAME, List.of(network.front()))
                .account(token, authority.certificate(), namespace);
    }

    private PosthornProcess launch(Place place, List<String> prefix, String roles, Map<String, String> own)
            throws IOException {
        Map<String, String> all = new HashMap<>(own);
        all.put("WEBHOOK_CLUSTER_HOST", place.behind());
        all.put("WEBHOOK_CLUSTER_PORT", String.valueOf(PORT));
        all.put("WEBHOOK_JWT_SECRET", ClusterOfProcesses.SECRET);
        all.put("WEBHOOK_HTTP_HOST", place.front());
        all.put("WEBHOOK_MANAGEMENT_HOST", place.front());
        all.put("WEBHOOK_EGRESS_ALLOW", network.fronts());
        PosthornProcess node =
                PosthornProcess.launch(prefix, directory.resolve(place.namespace()), all, "--roles=" + roles);
        started.add(node);
        return node;
    }

    private void awaitReady() throws InterruptedException {
        for (PosthornProcess node : started) {
            node.awaitReady();
        }
    }

    private void awaitListed(PosthornProcess api, Place... places) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(listed(api)).as(this::output).isEqualTo(members(places)));
    }

    private String output() {
        return started.stream().map(node -> String.join("\n", node.output())).collect(Collectors.joining("\n\n"));
    }

    /** Where the nodes are that this one lists. */
    private static Set<String> listed(PosthornProcess api) throws IOException, InterruptedException {
        return api.json("GET", "/cluster", "").getJsonArray("nodes").stream()
                .map(node -> ((JsonObject) node).getString("address"))
                .collect(Collectors.toSet());
    }

    /** How many nodes one knows that has no API. */
    private static int heardOf(PosthornProcess node) throws IOException, InterruptedException {
        HttpResponse<String> health = node.management("/health");
        return new JsonObject(health.body()).getJsonArray("nodes").size();
    }

    private static Set<String> members(Place... places) {
        return addresses(places).stream().map(address -> address + ":" + PORT).collect(Collectors.toSet());
    }

    private static List<String> addresses(Place... places) {
        return List.of(places).stream().map(Place::behind).toList();
    }
}
