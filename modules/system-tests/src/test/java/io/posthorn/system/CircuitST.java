package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outage of twenty seconds: what is sent meanwhile, what is seen of it, and what comes afterwards. */
class CircuitST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(20);
    private static final int COUNT = 60;
    private static final Pattern PROBES =
            Pattern.compile("(?m)^posthorn_circuit_probes_total\\{[^}]*result=\"(\\w+)\"[^}]*} ([0-9.]+)");

    private static final Pattern BEHIND =
            Pattern.compile("(?m)^posthorn_backlog_deliveries\\{[^}]*cause=\"circuit_open\"[^}]*} ([0-9.E]+)");

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedReceiver told = Futures.resultOf(ScriptedReceiver.start(vertx));
    private final RampReceiver receiver = RampReceiver.start(vertx);
    private String circuit;

    /** What the operational application was told of circuits, in order. */
    private List<String> types() {
        return told.received().stream()
                .map(request -> new JsonObject(request.body()).getString("type"))
                .filter(type -> type.startsWith("endpoint.circuit."))
                .toList();
    }

    private static double behindCircuits(PosthornProcess posthorn) throws Exception {
        Matcher line = BEHIND.matcher(posthorn.metrics());
        return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
    }

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void outageOnDisk() throws Exception {
        outage(Map.of());
    }

    @Test
    void outageOnRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            outage(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url()));
        }
    }

    private void outage(Map<String, String> engine) throws Exception {
        try (PosthornProcess posthorn = start(engine)) {
            // Given
            String operator = posthorn.json("POST", "/app", "{\"name\":\"Two\",\"uid\":\"operator\"}")
                    .getString("id");
            posthorn.json("POST", "/app/" + operator + "/endpoint", "{\"url\":\"" + told.url("/told") + "\"}");
            String app = application(posthorn);
            receiver.answer(500);
            Set<String> sent = new HashSet<>(MessageLoad.send(posthorn, app, COUNT));
            await().atMost(PATIENCE).until(() -> isOpen(posthorn));
            long begun = System.nanoTime();
            Tally before = tallyAtRest(posthorn);

            // When
            sent.addAll(MessageLoad.send(posthorn, app, COUNT));
            await().atMost(PATIENCE).until(() -> System.nanoTime() - begun > OUTAGE.toNanos());
            Tally after = tallyAtRest(posthorn);
            int probes = after.probes() - before.probes();
            int requests = after.requests() - before.requests();
            JsonObject open = posthorn.json("GET", circuit, "");
            await().atMost(PATIENCE).until(() -> behindCircuits(posthorn) > COUNT);
            receiver.answer(200);

            // Then
            assertThat(requests)
                    .as("attempts while it was open")
                    .isEqualTo(probes)
                    .isBetween(2, 20);
            assertThat(open.getString("reason")).contains("status 500");
            assertThat(open.getString("nextProbeAt")).isNotNull();
            assertThat(open.getInteger("openings")).isGreaterThan(1);
            await().atMost(PATIENCE).until(() -> receiver.accepted().containsAll(sent));
            assertThat(receiver.accepted()).isEqualTo(sent);
            assertThat(receiver.mostBeyondTheRamp())
                    .as("more in flight than successes let in")
                    .isLessThanOrEqualTo(0);
            assertThat(receiver.mostAtOnce()).isGreaterThan(1);
            JsonObject closed = posthorn.json("GET", circuit, "");
            assertThat(closed.getString("state")).isEqualTo("closed");
            assertThat(closed.getString("reason")).isEqualTo("a probe succeeded: status 200");
            await().atMost(PATIENCE).until(() -> behindCircuits(posthorn) == 0);
            await().atMost(PATIENCE).until(() -> types().contains("endpoint.circuit.closed"));
            assertThat(types()).startsWith("endpoint.circuit.opened").endsWith("endpoint.circuit.closed");
            assertThat(types()).containsOnlyOnce("endpoint.circuit.closed");
        }
    }

    @Test
    void openOneSurvivesAKillAndIsResetByHand() throws Exception {
        String app;
        JsonObject before;
        try (PosthornProcess posthorn = start(Map.of("CIRCUIT_BREAKER_TIMEOUT", "10m"))) {
            // Given
            app = application(posthorn);
            receiver.answer(500);
            MessageLoad.send(posthorn, app, COUNT);
            await().atMost(PATIENCE).until(() -> isOpen(posthorn) && inFlight(posthorn) == 0);
            before = posthorn.json("GET", circuit, "");
        }
        receiver.answer(200);

        // When
        try (PosthornProcess posthorn = start(Map.of("CIRCUIT_BREAKER_TIMEOUT", "10m"))) {
            JsonObject after = posthorn.json("GET", circuit, "");
            MessageLoad.send(posthorn, app, 1);

            // Then
            assertThat(after.getJsonArray("history")).isEqualTo(before.getJsonArray("history"));
            assertThat(after.getString("state")).isEqualTo("open");
            assertThat(posthorn.metrics()).contains("cause=\"circuit_open\"");
            assertThat(receiver.accepted()).isEmpty();
            posthorn.json("POST", circuit + "/reset", "{\"reason\":\"mended\"}");
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == COUNT + 1);
            posthorn.json("POST", circuit + "/open", "");
            MessageLoad.send(posthorn, app, 5);
            assertThat(posthorn.json("GET", circuit, "").getString("state")).isEqualTo("open");
            assertThat(receiver.accepted()).hasSize(COUNT + 1);
            posthorn.json("POST", circuit + "/close", "");
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == COUNT + 6);
            assertThat(posthorn.call("POST", circuit + "/open", "{\"seconds\":0}")
                            .statusCode())
                    .isEqualTo(422);
        }
    }

    private PosthornProcess start(Map<String, String> more) throws Exception {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "CIRCUIT_BREAKER_FAILURE_THRESHOLD", "5",
                "WEBHOOK_OPERATIONAL_APPLICATION", "operator",
                "WEBHOOK_DISPATCH_INSTANCES", "1",
                "WEBHOOK_RETRY_SCHEDULE", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"));
        settings.putAll(more);
        return PosthornProcess.start(data, settings);
    }

    private String application(PosthornProcess posthorn) throws Exception {
        String app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        String endpoint = posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}")
                .getString("id");
        circuit = "/app/" + app + "/endpoint/" + endpoint + "/circuit";
        return app;
    }

    private boolean isOpen(PosthornProcess posthorn) throws Exception {
        return !posthorn.json("GET", circuit, "").getString("state").equals("closed");
    }

    private int inFlight(PosthornProcess posthorn) throws Exception {
        return posthorn.json("GET", circuit, "").getInteger("inFlight");
    }

    /** What was counted of probes, and at the receiver, while none was under way. */
    private record Tally(int probes, int requests) {}

    private Tally tallyAtRest(PosthornProcess posthorn) {
        AtomicReference<Tally> last = new AtomicReference<>();
        await().atMost(PATIENCE).until(() -> {
            Tally first = tally(posthorn);
            boolean rests = inFlight(posthorn) == 0;
            last.set(tally(posthorn));
            return rests && first.equals(last.get());
        });
        return last.get();
    }

    private Tally tally(PosthornProcess posthorn) throws Exception {
        return new Tally(probes(posthorn), receiver.requests());
    }

    private static int probes(PosthornProcess posthorn) throws Exception {
        Matcher line = PROBES.matcher(posthorn.metrics());
        int sum = 0;
        while (line.find()) {
            sum += (int) Double.parseDouble(line.group(2));
        }
        return sum;
    }
}
