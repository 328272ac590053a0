package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program with a real redis-server: by name, as {@code auto}, and with one that cannot be used. */
class RedisST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int COUNT = 200;

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private CountingReceiver receiver;

    @BeforeEach
    void start() {
        receiver = CountingReceiver.start(vertx);
    }

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void goesOnWhenRedisIsKilledAndComesBack() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                PosthornProcess posthorn = PosthornProcess.start(data, redis("redis", redis.url()))) {
            // Given
            String app = prepare(posthorn);
            receiver.answer(503);
            Set<String> sent = MessageLoad.send(posthorn, app, COUNT);

            // When
            redis.kill();
            redis.restart();
            receiver.answer(200);

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(sent));
            await().atMost(PATIENCE).until(() -> status(posthorn).equals("healthy"));
            Set<String> after = MessageLoad.send(posthorn, app, 10);
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(after));
        }
    }

    @Test
    void acceptsWithoutRedisAndMovesThereWhenItAppears() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            redis.kill();
            try (PosthornProcess posthorn = PosthornProcess.start(data, redis("auto", redis.url()))) {
                // Given
                requireStatus(posthorn, "degraded");
                String app = prepare(posthorn);
                Set<String> delivered = MessageLoad.send(posthorn, app, COUNT);
                await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(delivered));
                receiver.answer(500);
                Set<String> waiting = MessageLoad.send(posthorn, app, COUNT);

                // When
                redis.restart();
                await().atMost(PATIENCE).until(() -> health(posthorn).contains("moved from disk"));
                receiver.answer(200);

                // Then
                await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(waiting));
                assertThat(receiver.repeats()).isEmpty();
                assertThat(receiver.accepted()).hasSize(2 * COUNT);
                assertThat(redis.command("DBSIZE")).isNotEqualTo(":0");
                requireStatus(posthorn, "healthy");
            }
        }
    }

    @Test
    void acceptsOnDiskWhileRedisIsAway() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                PosthornProcess posthorn = PosthornProcess.start(data, redis("auto", redis.url()))) {
            // Given
            String app = prepare(posthorn);
            Set<String> before = MessageLoad.send(posthorn, app, 20);
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(before));

            // When
            redis.kill();
            await().atMost(PATIENCE).until(() -> health(posthorn).contains("cannot be used since"));
            Set<String> meanwhile = MessageLoad.send(posthorn, app, 20);

            // Then
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(meanwhile));
            redis.restart();
            await().atMost(PATIENCE).until(() -> status(posthorn).equals("healthy"));
            assertThat(receiver.repeats()).isEmpty();
        }
    }

    @Test
    void worksAsTheUserOfTheManual() throws Exception {
        // Given
        String line = Files.readAllLines(Path.of("../../docs/operations.md")).stream()
                .filter(text -> text.startsWith("ACL SETUSER posthorn "))
                .findFirst()
                .orElseThrow();
        try (RedisProcess redis = RedisProcess.start()) {
            assertThat(redis.command(line.split(" "))).isEqualTo("+OK");
            String url = "redis://posthorn:change-me@127.0.0.1:" + redis.port();
            try (PosthornProcess posthorn = PosthornProcess.start(data, redis("redis", url))) {
                // When
                String app = prepare(posthorn);
                Set<String> sent = MessageLoad.send(posthorn, app, 20);

                // Then
                await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(sent));
                requireStatus(posthorn, "healthy");
            }
        }
    }

    @Test
    void refusesAUrlThatCannotBeReadWithoutItsPassword() throws Exception {
        // When
        PosthornCommand.Result result = PosthornCommand.run(redis("redis", "http://hooks:hunter2@localhost"), "serve");

        // Then
        result.expect(78);
        assertThat(result.output())
                .contains("redis.url: http://[redacted]@localhost")
                .doesNotContain("hunter2");
    }

    @Test
    void refusesRedisThatDoesNotAnswerInOneLine() throws Exception {
        // When
        PosthornCommand.Result result = PosthornCommand.run(redis("redis", "redis://127.0.0.1:" + freePort()), "serve");

        // Then
        assertRefused(result, "redis at 127.0.0.1");
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        try (RedisProcess redis = RedisProcess.start(Map.of("requirepass", "correct"))) {
            assertRefused(serve(redis, "redis://:hunter2@127.0.0.1:" + redis.port()), "password");
        }
    }

    @Test
    void refusesAReplica() throws Exception {
        try (RedisProcess primary = RedisProcess.start();
                RedisProcess replica = RedisProcess.start(Map.of("replicaof", "127.0.0.1 " + primary.port()))) {
            assertRefused(serve(replica, replica.url()), "replica");
        }
    }

    @Test
    void refusesKeysOfSomebodyElse() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            redis.command("SET", "posthorn:{d}:store", "something else");
            assertRefused(serve(redis, redis.url()), "something else");
        }
    }

    @Test
    void refusesAClusterWithSlotsThatNobodyServes() throws Exception {
        try (RedisProcess redis = RedisProcess.start(Map.of("cluster-enabled", "yes"))) {
            Map<String, String> settings =
                    Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url(), "WEBHOOK_REDIS_MODE", "cluster");
            assertRefused(PosthornCommand.run(with(settings), "serve"), "slot");
        }
    }

    @Test
    void isDegradedInsteadWhenAutoFindsAWrongPassword() throws Exception {
        try (RedisProcess redis = RedisProcess.start(Map.of("requirepass", "correct"));
                PosthornProcess posthorn =
                        PosthornProcess.start(data, redis("auto", "redis://:hunter2@127.0.0.1:" + redis.port()))) {
            requireStatus(posthorn, "degraded");
            assertThat(posthorn.management("/health").body())
                    .contains("password")
                    .doesNotContain("hunter2");
            assertThat(String.join("\n", posthorn.output())).doesNotContain("hunter2");
        }
    }

    private PosthornCommand.Result serve(RedisProcess redis, String url) throws Exception {
        assertThat(redis.port()).isPositive();
        return PosthornCommand.run(redis("redis", url), "serve");
    }

    private static void assertRefused(PosthornCommand.Result result, String reason) {
        result.expect(1);
        assertThat(result.output().lines().filter(line -> line.startsWith("posthorn: ")))
                .singleElement()
                .asString()
                .contains(reason);
        assertThat(result.output()).doesNotContain("hunter2");
    }

    private Map<String, String> redis(String type, String url) {
        return with(Map.of("WEBHOOK_STORAGE_TYPE", type, "REDIS_URL", url, "WEBHOOK_REDIS_CALL_TIMEOUT", "2s"));
    }

    private Map<String, String> with(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("WEBHOOK_DATA_DIR", data.toString());
        all.put("WEBHOOK_HTTP_PORT", "0");
        all.put("WEBHOOK_MANAGEMENT_PORT", "0");
        return all;
    }

    private String prepare(PosthornProcess posthorn) throws Exception {
        String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        JsonObject endpoint =
                posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}");
        assertThat(endpoint.getBoolean("disabled")).isFalse();
        return app;
    }

    /** Of all its processes. */
    private static String health(PosthornProcess posthorn) throws Exception {
        StringBuilder all = new StringBuilder();
        for (PosthornProcess one : posthorn.processes()) {
            all.append(one.management("/health").body());
        }
        return all.toString();
    }

    /** Where there is one process it knows at once how it is; of several the first is told within seconds. */
    private static void requireStatus(PosthornProcess posthorn, String expected) throws Exception {
        if (posthorn.processes().size() > 1) {
            await().atMost(PATIENCE).until(() -> status(posthorn).equals(expected));
        }
        assertThat(status(posthorn)).as(health(posthorn)).isEqualTo(expected);
    }

    private static String status(PosthornProcess posthorn) throws Exception {
        return new JsonObject(posthorn.management("/health").body()).getString("status");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
