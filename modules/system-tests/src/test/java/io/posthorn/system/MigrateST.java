package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store moved into Redis and back to disk while kill -9 comes again and again, counted at the receiver. With
 * {@code -Dposthorn.migrate.messages=200000 -Dposthorn.command.seconds=900} it moves as many; {@code posthorn.migrate.seed}
 * says when the kills come.
 */
@Timeout(3_600)
class MigrateST {
    private static final int MESSAGES = Integer.getInteger("posthorn.migrate.messages", 5_000);
    private static final long SEED = Long.getLong("posthorn.migrate.seed", 4);
    private static final int KILLS_EACH_WAY = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60 + MESSAGES / 250);
    private static final String WITHOUT_DISPATCH = "--roles=health,storage,ratelimit,validation,ingestion";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void aMoveThatIsKilledAgainAndAgainLosesAndRepeatsNothing() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            // Given
            CountingReceiver receiver = CountingReceiver.start(vertx);
            Path source = directory.resolve("source");
            Path last = directory.resolve("last");
            Set<String> accepted = fill(source, receiver);
            JsonObject before = verified(disk(source));
            Random random = new Random(SEED);
            KilledMove there = new KilledMove("disk:" + source, redis.url() + "/0", random);
            KilledMove back = new KilledMove(redis.url() + "/0", "disk:" + last, random);

            // When
            there.killAgainAndAgain(KILLS_EACH_WAY);
            String movedThere = there.end();
            JsonObject between = verified(redis(redis));
            back.killAgainAndAgain(KILLS_EACH_WAY);
            String movedBack = back.end();
            List<String> kills = new ArrayList<>(there.kills());
            kills.addAll(back.kills());
            System.out.println("seed " + SEED + ", killed\n" + String.join("\n", kills));

            // Then
            assertThat(kills).as("goes on where it was").anyMatch(run -> run.contains("resumes at item"));
            assertThat(movedThere).contains("has ended before", "both agree");
            assertThat(movedBack).contains("has ended before", "both agree");
            assertThat(between).isEqualTo(before);
            assertThat(verified(disk(last))).isEqualTo(before);
            assertThat(verified(disk(source))).isEqualTo(before);
            try (PosthornProcess posthorn = PosthornProcess.start(last, Map.of())) {
                await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= accepted.size());
                assertThat(posthorn.terminate()).isZero();
            }
            assertThat(receiver.accepted()).isEqualTo(accepted);
            assertThat(receiver.repeats()).isEmpty();
            JsonObject after = verified(disk(last));
            assertThat(after.getInteger("succeeded")).isEqualTo(accepted.size());
            System.out.println("delivered " + receiver.accepted().size()
                    + " once each; books before, in Redis and moved " + before.encode() + ", after " + after.encode());
        }
    }

    @Test
    void refusesATargetWithOtherDataAndASourceInUse() throws Exception {
        // Given
        CountingReceiver receiver = CountingReceiver.start(vertx);
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        makeApplication(other);

        // When
        PosthornCommand.Result inUse;
        try (PosthornProcess posthorn = PosthornProcess.start(one, Map.of())) {
            prepare(posthorn, receiver);
            inUse = move(one, directory.resolve("third")).result();
        }
        PosthornCommand.Result occupied = move(one, other).result();

        // Then
        assertThat(inUse.expect(1).output()).contains("in use by another process");
        assertThat(occupied.expect(1).output()).contains("holds other data");
    }

    private Set<String> fill(Path data, CountingReceiver receiver) throws Exception {
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of(), WITHOUT_DISPATCH)) {
            String application = prepare(posthorn, receiver);
            Set<String> ids = MessageLoad.send(posthorn, application, MESSAGES);
            assertThat(posthorn.terminate()).isZero();
            return ids;
        }
    }

    private static void makeApplication(Path data) throws Exception {
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            assertThat(posthorn.json("POST", "/app", "{\"name\":\"Other\"}").getString("id"))
                    .startsWith("app_");
            assertThat(posthorn.terminate()).isZero();
        }
    }

    private static String prepare(PosthornProcess posthorn, CountingReceiver receiver) throws Exception {
        String application = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        JsonObject endpoint =
                posthorn.json("POST", "/app/" + application + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}");
        assertThat(endpoint.getBoolean("disabled")).isFalse();
        return application;
    }

    private static PosthornCommand move(Path source, Path target) throws Exception {
        return PosthornCommand.start(Map.of(), "migrate", "--from", "disk:" + source, "--to", "disk:" + target);
    }

    private static Map<String, String> disk(Path data) {
        return Map.of("WEBHOOK_DATA_DIR", data.toString(), "WEBHOOK_STORAGE_TYPE", "disk");
    }

    private static Map<String, String> redis(RedisProcess redis) {
        return Map.of("REDIS_URL", redis.url(), "WEBHOOK_STORAGE_TYPE", "redis");
    }

    /** The books of a store whose recount finds no difference. */
    private static JsonObject verified(Map<String, String> settings) throws Exception {
        String report =
                PosthornCommand.run(settings, "verify", "--json").expect(0).output();
        // A long one says before how far it has come.
        return new JsonObject(report.substring(report.indexOf('{'))).getJsonObject("recorded");
    }
}
