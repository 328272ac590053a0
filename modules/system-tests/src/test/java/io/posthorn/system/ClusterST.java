package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Roles spread over nodes that are processes: they come, go and are killed under load; the receiver counts. */
@Timeout(300)
class ClusterST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Less than a lease, which is 45 s: what a killed node held is not waited for so long. */
    private static final Duration LESS_THAN_A_LEASE = Duration.ofSeconds(30);

    /** From when a death is noticed until the leases of the dead are freed. */
    private static final Duration TO_FREE = Duration.ofSeconds(3);

    /** From the start of a process until its role is used, beside three times what a node alone takes on the same machine to start. */
    private static final Duration TO_SERVE = Duration.ofSeconds(5);

    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final int SLOTS = 64;

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private CountingReceiver receiver;
    private @Nullable RedisProcess redis;

    @BeforeEach
    void start() {
        receiver = CountingReceiver.start(vertx);
    }

    @AfterEach
    void stop() {
        if (redis != null) {
            redis.close();
        }
        Futures.resultOf(vertx.close());
    }

    @Test
    void aMissingRoleIsNamedAndRefusedAtOnceAndOneThatAppearsIsUsed() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 4, Map.of())) {
            // Given
            PosthornProcess api = cluster.start("ingestion,health");
            long begin = System.nanoTime();
            HttpResponse<String> without = api.call("POST", "/app", "{\"name\":\"One\"}");
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            HttpResponse<String> health = api.management("/health");

            // When
            PosthornProcess rest = cluster.start("storage,validation,ratelimit");
            PosthornProcess sender = cluster.start("dispatch,health");
            begin = System.nanoTime();
            String app = prepare(api);
            Duration tookWithAll = Duration.ofNanos(System.nanoTime() - begin);

            // Then
            assertThat(without.statusCode()).isEqualTo(503);
            assertThat(without.body()).contains("role_unavailable");
            assertThat(took).isLessThan(Duration.ofSeconds(2));
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("no node has the role storage", "no node has the role dispatch");
            assertThat(tookWithAll).isLessThan(Duration.ofSeconds(2));
            String id = send(api, app);
            await().atMost(PATIENCE).until(() -> receiver.accepted().contains(id));
            assertThat(status(sender)).isEqualTo("degraded");
            assertThat(sender.management("/health").body()).contains("members that the settings name are not there");
            cluster.start("health");
            await().atMost(PATIENCE).until(() -> status(sender).equals("healthy"));
            assertThat(rest.terminate()).isZero();
            await().atMost(PATIENCE).until(() -> status(api).equals("unhealthy"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "redis"})
    void aKilledDispatcherLosesNothingAndRepeatsAtMostWhatWasInFlight(String engine) throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, settings(engine))) {
            // Given
            PosthornProcess base = cluster.start("storage,validation,ratelimit,ingestion,health");
            PosthornProcess first = cluster.start("dispatch,health");
            PosthornProcess second = cluster.start("dispatch,health");
            receiver.delay(100);
            ClusterLoad load = new ClusterLoad(prepare(base), base);

            // When
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= 300);
            long killed = System.nanoTime();
            first.kill();
            await().atMost(PATIENCE).pollInterval(OFTEN).until(() -> known(base) == 2);
            Duration noticed = since(killed);
            await().atMost(PATIENCE).pollInterval(OFTEN).until(() -> areFreed(base));
            Duration freed = since(killed);
            int accepted = load.acceptedCount();
            await().atMost(PATIENCE).until(() -> load.acceptedCount() >= accepted + 300);
            load.stop();

            // Then
            System.out.println(engine + ": a killed node is noticed after " + noticed.toMillis()
                    + " ms, and its leases are freed after " + freed.toMillis() + " ms");
            assertThat(freed.minus(noticed)).isLessThan(TO_FREE);
            await().atMost(LESS_THAN_A_LEASE).until(() -> receiver.accepted().containsAll(load.accepted()));
            await().atMost(PATIENCE).until(() -> isDrained(base));
            assertThat(receiver.repeats().size()).isLessThanOrEqualTo(SLOTS);
            assertThat(load.refused()).isEmpty();
            assertThat(status(second)).isEqualTo("degraded");
        }
    }

    @Test
    void aNodeJoinsAndServesWithinSeconds() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, Map.of())) {
            // Given: how long a node takes here that joins nothing, and what waits for a node that sends
            long begin = System.nanoTime();
            PosthornProcess.startBehind(List.of(), directory.resolve("alone"), Map.of())
                    .close();
            Duration alone = since(begin);
            PosthornProcess first = cluster.start("storage,validation,ratelimit,ingestion,health");
            String app = prepare(first);
            String waits = send(first, app);

            // When
            begin = System.nanoTime();
            PosthornProcess sender = cluster.start("dispatch,health");
            Duration ready = since(begin);
            await().atMost(PATIENCE)
                    .pollInterval(OFTEN)
                    .until(() -> receiver.accepted().contains(waits));
            Duration sent = since(begin);
            begin = System.nanoTime();
            PosthornProcess api = cluster.start("ingestion,validation,health");
            String other = send(api, app);
            Duration answered = since(begin);

            // Then
            System.out.println("from exec: a node alone is ready after " + alone.toMillis()
                    + " ms; one that sends is ready after " + ready.toMillis()
                    + " ms, and has sent after " + sent.toMillis() + " ms; one with the API has accepted after "
                    + answered.toMillis() + " ms");
            Duration most = TO_SERVE.plus(alone.multipliedBy(3));
            assertThat(sent).isLessThan(most);
            assertThat(answered).isLessThan(most);
            await().atMost(PATIENCE).until(() -> receiver.accepted().contains(other));
            assertThat(status(sender)).isEqualTo("healthy");
        }
    }

    @Test
    void aKilledStorageNodeIsAPauseAndNoLoss() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, settings("disk"))) {
            // Given
            int place = cluster.place();
            PosthornProcess storage = cluster.start(place, "storage,health", Map.of());
            PosthornProcess api = cluster.start("ingestion,validation,ratelimit,health");
            PosthornProcess sender = cluster.start("dispatch,health");
            ClusterLoad load = new ClusterLoad(prepare(api), api);

            // When
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= 300);
            storage.kill();
            PosthornProcess again = cluster.start(place, "storage,health", Map.of());
            int accepted = load.acceptedCount();
            await().atMost(PATIENCE).until(() -> load.acceptedCount() >= accepted + 300);
            load.stop();

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(load.accepted()));
            await().atMost(PATIENCE).until(() -> isDrained(again));
            assertThat(load.refused().keySet()).isSubsetOf(503);
            assertThat(receiver.repeats().size()).isLessThanOrEqualTo(SLOTS);
            assertThat(status(sender)).isEqualTo("healthy");
        }
    }

    @Test
    void nodesAreReplacedOneByOneUnderLoadWithoutLossOrRepeat() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 4, settings("redis"))) {
            // Given
            String everything = "storage,validation,ratelimit,ingestion,health";
            int[] places = {cluster.place(), cluster.place(), cluster.place(), cluster.place()};
            String[] roles = {everything, everything, "dispatch,health", "dispatch,health"};
            PosthornProcess[] nodes = new PosthornProcess[places.length];
            for (int i = 0; i < places.length; i++) {
                nodes[i] = cluster.start(places[i], roles[i], Map.of());
            }
            ClusterLoad load = new ClusterLoad(prepare(nodes[0]), nodes[0], nodes[1]);

            // When
            for (int i = 0; i < places.length; i++) {
                int accepted = load.acceptedCount();
                await().atMost(PATIENCE).until(() -> load.acceptedCount() >= accepted + 200);
                assertThat(nodes[i].terminate()).isZero();
                PosthornProcess next = cluster.start(places[i], roles[i], Map.of());
                load.replace(nodes[i], next);
                nodes[i] = next;
            }
            load.stop();

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(load.accepted()));
            await().atMost(PATIENCE).until(() -> isDrained(nodes[0]));
            assertThat(receiver.repeats()).isEmpty();
        }
    }

    @Test
    void requestsToANodeThatDiesAreRefusedWhenThatIsNoticedAndNotAtTheirDeadline() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 2, Map.of())) {
            // Given: one that does not answer
            PosthornProcess api = cluster.start("ingestion,validation,ratelimit,health");
            PosthornProcess storage = cluster.start("storage,health");
            await().atMost(PATIENCE).until(() -> isReached(api));
            storage.signal("STOP");
            CompletableFuture<HttpResponse<String>> asked = CompletableFuture.supplyAsync(() -> get(api, "/app"));
            assertThatThrownBy(() -> asked.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

            // When
            long begin = System.nanoTime();
            storage.kill();
            HttpResponse<String> answer = asked.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            // Then
            System.out.println("a request to a node that was killed: refused after " + took.toMillis() + " ms");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("is gone");
            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(get(api, "/app").body()).contains("role_unavailable");
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** How many nodes that one hears of, itself included. */
    private static int known(PosthornProcess node) throws Exception {
        return new JsonObject(node.management("/health").body())
                .getJsonArray("nodes")
                .size();
    }

    private static boolean areFreed(PosthornProcess storage) {
        return storage.output().stream()
                .anyMatch(line -> line.contains("is gone, what was in flight there waits again"));
    }

    private static boolean isReached(PosthornProcess api) throws Exception {
        return api.call("GET", "/app", "").statusCode() == 200;
    }

    private static HttpResponse<String> get(PosthornProcess node, String path) {
        try {
            return node.call("GET", path, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aKilledApiNodeLosesNothingThatItAccepted() throws Exception {
        try (ClusterOfProcesses cluster = new ClusterOfProcesses(directory, 3, settings("redis"))) {
            // Given
            PosthornProcess base = cluster.start("storage,dispatch,ratelimit,health");
            PosthornProcess first = cluster.start("ingestion,validation,health");
            PosthornProcess second = cluster.start("ingestion,validation,storage,health");
            ClusterLoad load = new ClusterLoad(prepare(first), first, second);

            // When
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= 300);
            first.kill();
            load.replace(first, second);
            int accepted = load.acceptedCount();
            await().atMost(PATIENCE).until(() -> load.acceptedCount() >= accepted + 300);
            load.stop();

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(load.accepted()));
            await().atMost(PATIENCE).until(() -> isDrained(base));
            assertThat(receiver.repeats()).isEmpty();
        }
    }

    private Map<String, String> settings(String engine) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "WEBHOOK_STORAGE_TYPE",
                engine,
                "WEBHOOK_MAX_WORKERS",
                String.valueOf(SLOTS),
                "WEBHOOK_DISPATCH_FIRST_PER_ENDPOINT",
                "64"));
        if (engine.equals("redis")) {
            redis = RedisProcess.start();
            settings.put("REDIS_URL", redis.url());
        }
        return settings;
    }

    private String prepare(PosthornProcess node) throws Exception {
        String app = node.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        JsonObject endpoint = node.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}");
        assertThat(endpoint.getBoolean("disabled")).isFalse();
        return app;
    }

    private static String send(PosthornProcess node, String app) throws Exception {
        return node.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{\"n\":1}}")
                .getString("id");
    }

    private static String status(PosthornProcess node) throws Exception {
        return new JsonObject(node.management("/health").body()).getString("status");
    }

    private static boolean isDrained(PosthornProcess node) throws Exception {
        JsonObject backlog = new JsonObject(node.management("/health").body()).getJsonObject("backlog");
        return backlog != null && backlog.getLong("waiting") == 0 && backlog.getLong("inFlight") == 0;
    }
}
