package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import io.posthorn.bus.WireFormat;
import io.posthorn.contract.Addresses;
import io.posthorn.contract.Backlog;
import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit into a cluster is refused in one line, or named; other Vert.x programs fit. */
@Timeout(180)
class ClusterRefusalsST {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<Vertx> others = new ArrayList<>();

    @AfterEach
    void stop() {
        others.forEach(vertx -> Futures.resultOf(vertx.close()));
    }

    @Test
    void aStartThatCannotJoinSaysWhyInOneLine() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 2, Map.of());
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int place = cluster.place();
            String port = String.valueOf(taken.getLocalPort());
            assertRefused(
                    cluster.settings(place, Map.of("WEBHOOK_CLUSTER_PORT", port)),
                    1,
                    "the cluster cannot listen at 127.0.0.1:" + port);
            assertRefused(
                    cluster.settings(place, Map.of("WEBHOOK_CLUSTER_HOST", "192.0.2.1")),
                    1,
                    "the cluster cannot listen at 192.0.2.1:" + place);
            assertRefused(
                    cluster.settings(place, Map.of("WEBHOOK_CLUSTER_MEMBERS", "nowhere.invalid:5701")),
                    1,
                    "cluster.members: nowhere.invalid:5701 cannot be looked up");
            assertRefused(cluster.settings(place, Map.of("WEBHOOK_CLUSTER", "ring")), 78, "cluster.type: ring");
        }
    }

    @Test
    void aNodeThatTheOthersWouldNotUnderstandDoesNotJoin() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 2, Map.of())) {
            int stranger = cluster.place();
            join(
                    stranger,
                    "127.0.0.1:" + stranger,
                    new JsonObject().put("posthorn.version", "9.0").put("posthorn.wire", 9));

            int place = cluster.place();
            assertRefused(
                    cluster.settings(
                            place,
                            Map.of("WEBHOOK_DATA_DIR", cluster.data(place).toString())),
                    1,
                    "(version 9.0) speaks wire format 9, this node (version ");
        }
    }

    @Test
    void aSecondStoreIsRefusedAndAnotherSecretIsNamed() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, Map.of())) {
            // Given
            PosthornProcess first = cluster.start("storage,validation,ratelimit,dispatch,ingestion,health");
            int place = cluster.place();
            assertRefused(
                    cluster.settings(
                            place,
                            Map.of("WEBHOOK_DATA_DIR", cluster.data(place).toString())),
                    1,
                    "storage in this cluster serves the disk store ");

            // When
            PosthornProcess other = cluster.start(
                    place,
                    "ingestion,health",
                    Map.of("WEBHOOK_JWT_SECRET", "a secret that no other node of the test has"));

            // Then
            await().atMost(PATIENCE)
                    .until(() -> first.management("/health")
                            .body()
                            .contains("has another WEBHOOK_JWT_SECRET or WEBHOOK_JWT_PUBLIC_KEY than node-"));
            JsonObject shown = first.json("GET", "/cluster", "");
            assertThat(shown.getString("status")).isEqualTo("degraded");
            assertThat(shown.getJsonArray("nodes")).hasSize(2);
            PosthornCommand.Result listed =
                    PosthornCommand.run(Map.of(), "nodes", "--url", base(first), "--token", first.token());
            assertThat(listed.exitCode()).isEqualTo(1);
            assertThat(listed.output())
                    .contains("health,ingestion", "degraded: node-", "WEBHOOK_JWT_SECRET")
                    .doesNotContain("a secret");
            assertThat(other.management("/health").body()).doesNotContain("a secret that");
        }
    }

    @Test
    void anotherVertxProgramEmitsPlainJson() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 2, Map.of())) {
            // Given
            int place = cluster.place();
            PosthornProcess node =
                    cluster.start(place, "storage,validation,ratelimit,dispatch,ingestion,health", Map.of());
            String app = node.json("POST", "/app", "{\"name\":\"One\",\"uid\":\"one\"}")
                    .getString("id");

            // When
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    vertxOnly(),
                    Path.of("../../docs/examples/bus-client/EmitEvent.java")
                            .toAbsolutePath()
                            .toString(),
                    "posthorn",
                    "127.0.0.1",
                    String.valueOf(cluster.place()),
                    "127.0.0.1:" + place,
                    "one");
            Path output = directory.resolve("example.out");
            Process example = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(example.waitFor(90, TimeUnit.SECONDS)).isTrue();

            // Then
            String said = Files.readString(output);
            assertThat(example.exitValue()).as(said).isZero();
            String id = said.lines()
                    .filter(line -> line.startsWith("stored "))
                    .findFirst()
                    .orElseThrow()
                    .substring("stored ".length());
            assertThat(node.json("GET", "/app/" + app + "/msg/" + id, "").getString("eventId"))
                    .isEqualTo("invoice-4711");
            await().atMost(PATIENCE)
                    .until(() -> new JsonObject(node.management("/health").body())
                                    .getJsonArray("nodes")
                                    .size()
                            == 1);
        }
    }

    /** What a later version might ask. */
    private record NewerAsk(int applications, String zone, List<String> tags) {}

    /** What an earlier one might have asked. */
    private record OlderAsk() {}

    /** What an earlier one knew of the answer. */
    private record OlderBacklog(OlderBooks books) {}

    private record OlderBooks(long waiting, long inFlight) {}

    @Test
    void neighboursWithAnAddedAndWithARemovedFieldAreUnderstood() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 2, Map.of())) {
            // Given
            PosthornProcess node = cluster.start("storage,health");
            Vertx neighbour = join(
                    cluster.place(),
                    cluster.members(),
                    new JsonObject().put("posthorn.version", "0.9").put("posthorn.wire", WireFormat.MAJOR));
            String ask = "posthorn:" + Backlog.Ask.class.getName();
            neighbour.eventBus().registerCodec(new RawCodec(ask));
            neighbour.eventBus().registerCodec(new RawCodec("posthorn:" + Backlog.class.getName()));
            DeliveryOptions options = new DeliveryOptions().setCodecName(ask).setSendTimeout(10_000);

            for (byte[] asked : List.of(
                    WireFormat.encode(NewerAsk.class, new NewerAsk(1, "eu", List.of("a"))),
                    WireFormat.encode(OlderAsk.class, new OlderAsk()))) {
                // When
                Buffer answer = Futures.resultOf(neighbour
                        .eventBus()
                        .<Buffer>request(Addresses.BACKLOG.name(), Buffer.buffer(asked), options)
                        .map(Message::body));

                // Then
                assertThat(WireFormat.decode(OlderBacklog.class, answer.getBytes()))
                        .isEqualTo(new OlderBacklog(new OlderBooks(0, 0)));
            }
            assertThat(node.management("/health").statusCode()).isEqualTo(200);
        }
    }

    /** Sends and reads bytes in the name of a record. */
    private record RawCodec(String name) implements MessageCodec<Buffer, Buffer> {
        @Override
        public void encodeToWire(Buffer wire, Buffer value) {
            wire.appendInt(value.length()).appendBuffer(value);
        }

        @Override
        public Buffer decodeFromWire(int position, Buffer wire) {
            int start = position + Integer.BYTES;
            return wire.getBuffer(start, start + wire.getInt(position));
        }

        @Override
        public Buffer transform(Buffer value) {
            return value;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    /** A member that is no process of the program. */
    private Vertx join(int port, String members, JsonObject metadata) {
        Config config = new Config();
        config.setClusterName("posthorn");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember(members);
        Vertx joined = Futures.resultOf(Vertx.builder()
                .with(new VertxOptions()
                        .setEventBusOptions(
                                new EventBusOptions().setHost("127.0.0.1").setClusterNodeMetadata(metadata)))
                .withClusterManager(new HazelcastClusterManager(config))
                .buildClustered());
        others.add(joined);
        return joined;
    }

    private static String vertxOnly() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry ->
                        entry.matches(".*[/\\\\](io[/\\\\]vertx|io[/\\\\]netty|com[/\\\\]hazelcast|com[/\\\\]fasterxml"
                                + "|org[/\\\\]slf4j)[/\\\\].*"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void assertRefused(Map<String, String> settings, int code, String reason) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("WEBHOOK_HTTP_PORT", "0");
        all.put("WEBHOOK_MANAGEMENT_PORT", "0");
        PosthornCommand.Result result = PosthornCommand.run(all, "serve");
        result.expect(code);
        assertThat(result.output()).contains(reason);
        if (code == 1) {
            assertThat(result.output().lines().filter(line -> line.startsWith("posthorn: ")))
                    .hasSize(1);
        }
    }

    private static String base(PosthornProcess node) {
        return node.api().replace("/api/v1", "");
    }
}
