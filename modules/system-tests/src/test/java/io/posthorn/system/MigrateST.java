package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store moved into another while kill -9 comes again and again, counted at the receiver. With
 * {@code -Dposthorn.migrate.messages=200000} it moves as many.
 */
@Timeout(3_600)
class MigrateST {
    private static final int MESSAGES = Integer.getInteger("posthorn.migrate.messages", 16_000);
    private static final int KILLS = 5;
    private static final long FIRST_KILL_MILLIS = 200;
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
        // Given
        CountingReceiver receiver = CountingReceiver.start(vertx);
        Path source = directory.resolve("source");
        Path target = directory.resolve("target");
        Set<String> accepted = fill(source, receiver);
        JsonObject before = verified(source);

        // When
        killAgainAndAgain(source, target);
        PosthornCommand.Result moved = move(source, target).result().expect(0);

        // Then
        assertThat(moved.output()).contains("resumes at item", "both agree");
        JsonObject after = verified(target);
        assertThat(after.getJsonObject("recorded")).isEqualTo(before.getJsonObject("recorded"));
        assertThat(verified(source).getJsonObject("recorded")).isEqualTo(before.getJsonObject("recorded"));
        try (PosthornProcess posthorn = PosthornProcess.start(target, Map.of())) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= accepted.size());
            assertThat(posthorn.terminate()).isZero();
        }
        assertThat(receiver.accepted()).isEqualTo(accepted);
        assertThat(receiver.repeats()).isEmpty();
        assertThat(verified(target).getJsonObject("recorded").getInteger("succeeded"))
                .isEqualTo(accepted.size());
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

    /** Kills at ever later moments until one run has gone on where another was killed, and often enough. */
    /**
     * Kills the move at least five times, and until one has come far enough for the next to go on from there. How long a
     * move takes to its first part differs by machine: each kill comes a quarter later than the one before, until then.
     */
    private static void killAgainAndAgain(Path source, Path target) throws Exception {
        boolean resumed = false;
        long millis = FIRST_KILL_MILLIS;
        for (int kill = 1; kill <= KILLS || !resumed; kill++) {
            PosthornCommand move = move(source, target);
            assertThat(move.killAfterFirstLine(millis))
                    .as("kill %s hit it on its way: %s", kill, move.output())
                    .isTrue();
            resumed |= move.output().contains("resumes at item");
            millis = resumed ? millis * 4 / 5 : millis * 5 / 4;
        }
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

    private static JsonObject verified(Path data) throws Exception {
        String report = PosthornCommand.run(Map.of("WEBHOOK_DATA_DIR", data.toString()), "verify", "--json")
                .expect(0)
                .output();
        return new JsonObject(report);
    }
}
