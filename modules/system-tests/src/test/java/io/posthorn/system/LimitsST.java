package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes over one Redis keep a limit together, and a changed one acts at once. */
class LimitsST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A limit that each node kept for itself would need half of this or less. */
    private static final long LEAST_MILLIS = 3_800;

    private static final int RATE = 20;
    private static final int FIRST = 500;

    /** Sent more than is waited for. */
    private static final int SURPLUS = 20;

    @TempDir
    Path first;

    @TempDir
    Path second;

    private final Vertx vertx = Vertx.vertx();
    private CountingReceiver receiver;
    private RedisProcess redis;
    private PosthornProcess one;
    private PosthornProcess other;

    @BeforeEach
    void start() throws Exception {
        receiver = CountingReceiver.start(vertx);
        redis = RedisProcess.start();
        Map<String, String> settings = Map.of(
                "WEBHOOK_STORAGE_TYPE", "redis",
                "REDIS_URL", redis.url(),
                "WEBHOOK_JWT_SECRET", "a secret for tests with 32 bytes or more");
        one = PosthornProcess.start(first, settings);
        other = PosthornProcess.start(second, settings);
        warmUp();
    }

    /** What a process does for the first time takes its time, which is not what is measured. */
    private void warmUp() throws Exception {
        String app = one.json("POST", "/app", "{\"name\":\"First\"}").getString("id");
        String endpoint = endpoint(app, 10_000);
        for (PosthornProcess node : List.of(one, other)) {
            Set<String> sent = MessageLoad.send(node, app, FIRST);
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(sent));
        }
        one.call("DELETE", endpoint, "");
        receiver.forget();
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        redis.close();
        Futures.resultOf(vertx.close());
    }

    @Test
    void limitOfAnEndpointIsKeptByAllNodesTogetherAndChangesAtOnce() throws Exception {
        // Given
        String app = one.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        String endpoint = endpoint(app, RATE);

        // When: a burst, and what comes back in four seconds
        long took = millisUntilAccepted(app, RATE + 4 * RATE);

        // Then
        assertThat(took).isBetween(LEAST_MILLIS, 2 * LEAST_MILLIS);

        // When: the rest has to wait for an hour
        one.json("PATCH", endpoint, "{\"throttle\":{\"permits\":1,\"windowSeconds\":3600}}");
        int before = receiver.accepted().size();
        Set<String> late = MessageLoad.send(one, app, 10);
        JsonObject status = other.json("GET", endpoint + "/rate-limit-status", "");
        assertThat(status.getInteger("max_requests")).isEqualTo(1);
        assertThat(status.getInteger("current_requests")).isEqualTo(1);
        assertThat(status.getBoolean("exact")).isTrue();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> receiver.accepted().size() <= before + 10);
        assertThat(receiver.accepted()).doesNotContainAnyElementsOf(late);

        // When: it does not after all
        one.json("PATCH", endpoint, "{\"throttle\":null,\"throttleRate\":null}");

        // Then: within a second, and as long again for a busy machine
        await().atMost(Duration.ofSeconds(2)).until(() -> receiver.accepted().containsAll(late));
        assertThat(receiver.repeats()).isEmpty();
    }

    @Test
    void limitOfAnApplicationHoldsForItsEndpointsOnAllNodes() throws Exception {
        // Given
        String app = one.json("POST", "/app", "{\"name\":\"One\",\"throttleRate\":" + RATE + "}")
                .getString("id");
        for (int i = 0; i < 3; i++) {
            endpoint(app, null);
        }

        // When: each message goes to three endpoints, and a receiver accepts an id when it comes first
        long took = millisUntilAccepted(app, RATE + 4 * RATE);
        one.json("PATCH", "/app/" + app, "{\"throttleRate\":null}");

        // Then
        assertThat(took).isGreaterThanOrEqualTo(LEAST_MILLIS);
        await().atMost(PATIENCE)
                .until(() -> receiver.repeats().values().stream()
                                .filter(times -> times == 3)
                                .count()
                        == RATE + 4 * RATE + SURPLUS);
    }

    private long millisUntilAccepted(String app, int count) throws Exception {
        long began = System.nanoTime();
        Set<String> sent = new HashSet<>(MessageLoad.send(one, app, (count + SURPLUS) / 2));
        sent.addAll(MessageLoad.send(other, app, (count + SURPLUS) / 2));
        assertThat(sent).hasSize(count + SURPLUS);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> receiver.accepted().size() >= count);
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private String endpoint(String app, Integer rate) throws Exception {
        JsonObject wanted = new JsonObject().put("url", receiver.url()).put("throttleRate", rate);
        String path = "/app/" + app + "/endpoint";
        return path + "/" + one.json("POST", path, wanted.encode()).getString("id");
    }
}
