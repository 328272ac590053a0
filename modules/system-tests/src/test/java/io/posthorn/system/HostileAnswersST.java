package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.system.HostileReceiver.Behaviour;
import io.posthorn.testkit.FrameReceiver;
import io.posthorn.testkit.Futures;
import io.posthorn.testkit.HostileFrames;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Receivers that speak wrong bytes, in HTTP/1.1 or HTTP/2, all kinds of them at once: each of their attempts ends in time and
 * says why, the heap of 256 MB stays flat, and the deliveries of another endpoint go on as they do beside as many attempts at
 * receivers that answer well and then close their connection.
 */
class HostileAnswersST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMEOUT_SECONDS = 2;
    private static final int ROUNDS = 3;
    private static final int WAVES = 2;
    private static final int MEASURED = 150;
    private static final double BOUND = 8;

    /** A hostile one gets an attempt and a retry. */
    private static final int ATTEMPTS = 2;

    private static final long MOST_HEAP_GROWTH = 40L << 20;
    private static final long MOST_GROWTH_KIB = 200 << 10;

    private static final Set<String> SUCCEED =
            Set.of(name(Behaviour.PACKED_BOMB), name(Behaviour.ENDLESS_BODY), name(Behaviour.ANSWERS_THREE_TIMES));

    /** As much of the body as is kept comes in time, or does not; what was answered before the harm was done counts. */
    private static final Set<String> SUCCEED_OR_NOT = Set.of(
            name(Behaviour.ENDLESS_CHUNKS),
            name(HostileFrames.ENDLESS_BODY),
            name(HostileFrames.BODY_AFTER_THE_ANSWER),
            name(HostileFrames.STORM_AFTER_THE_ANSWER),
            name(HostileFrames.GOES_AWAY_AFTER_THE_ANSWER));

    /** Starts hostile receivers, and makes their endpoints. */
    private interface Starter {
        void start() throws Exception;
    }

    /** Starts one that answers and then closes, and says where. */
    private interface Orderly {
        String start() throws Exception;
    }

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final Vertx others = Vertx.vertx();
    private final TimedReceiver receiver = TimedReceiver.start(vertx);
    private final Map<String, String> endpoints = new HashMap<>();
    private Certificates certificates;
    private KeyCertOptions certificate;
    private PosthornProcess posthorn;
    private String healthy;
    private String hostile;
    private String orderly;

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
        Futures.resultOf(others.close());
    }

    @Test
    void answersInHttp1() throws Exception {
        everyAttemptEndsInTimeAndCostsNeitherMemoryNorTheOthersTime(this::hostileInHttp1, this::orderlyInHttp1);
    }

    @Test
    void answersInHttp2() throws Exception {
        everyAttemptEndsInTimeAndCostsNeitherMemoryNorTheOthersTime(this::hostileInHttp2, this::orderlyInHttp2);
    }

    private void everyAttemptEndsInTimeAndCostsNeitherMemoryNorTheOthersTime(Starter starter, Orderly well)
            throws Exception {
        certificates = Certificates.in(data);
        certificate = Certificates.options(certificates.signed("receiver", "ip:127.0.0.1", "-1d", 10), "receiver");
        try (PosthornProcess started = PosthornProcess.start(
                data.resolve("node"),
                Map.of(
                        "JAVA_TOOL_OPTIONS",
                        certificates.trustArguments(),
                        "WEBHOOK_EGRESS_HTTP2",
                        "true",
                        "WEBHOOK_DEFAULT_TIMEOUT",
                        Integer.toString(TIMEOUT_SECONDS),
                        "WEBHOOK_RETRY_SCHEDULE",
                        "1",
                        "CIRCUIT_BREAKER_FAILURE_THRESHOLD",
                        "0"))) {
            // Given
            posthorn = started;
            prepare(starter, well);
            window();
            waves(orderly, ATTEMPTS);
            waves(hostile, 1);
            await().atMost(PATIENCE).until(this::waiting, Map::isEmpty);
            long heap = usedHeap();
            long resident = residentKib();

            // When
            List<Double> ratios = new ArrayList<>();
            List<String> messages = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                waves(orderly, WAVES * ATTEMPTS);
                double without = window();
                messages.addAll(waves(hostile, WAVES));
                double with = window();
                ratios.add(with / without);
                await().atMost(PATIENCE).until(this::waiting, Map::isEmpty);
            }

            // Then
            for (String message : messages) {
                List<JsonObject> attempts = attempts(message);
                assertThat(attempts.stream()
                                .map(attempt -> attempt.getString("endpointId"))
                                .distinct())
                        .as("every endpoint has an attempt of message %s", message)
                        .hasSize(endpoints.size());
                attempts.forEach(this::endedAsItShould);
            }
            assertThat(usedHeap() - heap).as("heap that stays").isLessThan(MOST_HEAP_GROWTH);
            assertThat(residentKib() - resident).as("memory in KiB that stays").isLessThan(MOST_GROWTH_KIB);
            ratios.sort(null);
            assertThat(ratios.get(ROUNDS / 2))
                    .as("p95 beside hostile receivers by p95 beside orderly ones: %s", ratios)
                    .isLessThan(BOUND);
            assertThat(posthorn.output()).noneMatch(line -> line.contains("OutOfMemory") || line.contains("LEAK"));
            assertThat(posthorn.output()).as("what receivers make it say").hasSizeLessThan(200);
        }
    }

    private void endedAsItShould(JsonObject attempt) {
        String behaviour = endpoints.entrySet().stream()
                .filter(one -> one.getValue().equals(attempt.getString("endpointId")))
                .findFirst()
                .orElseThrow()
                .getKey();
        String response = attempt.getString("response");
        boolean succeeded = SUCCEED_OR_NOT.contains(behaviour)
                ? attempt.getString("statusText").equals("success")
                : SUCCEED.contains(behaviour);
        assertThat(attempt.getString("statusText"))
                .as("%s: %s", behaviour, response)
                .isEqualTo(succeeded ? "success" : "fail");
        assertThat(attempt.getLong("responseDurationMs"))
                .as("%s: %s", behaviour, response)
                .isLessThan(TIMEOUT_SECONDS * 1000 + 3000L);
        if (!succeeded) {
            assertThat(response)
                    .as("%s", behaviour)
                    .isIn(
                            "timeout after " + TIMEOUT_SECONDS * 1000 + " ms",
                            "the answer is not HTTP",
                            "the answer has no final status",
                            "connection closed before the end of the answer",
                            "connection reset",
                            "connection timed out",
                            "TLS handshake failed");
        } else {
            assertThat(attempt.getInteger("responseStatusCode")).isEqualTo(200);
            assertThat(response.length()).isLessThan(32 * 1024);
        }
    }

    private void prepare(Starter starter, Orderly well) throws Exception {
        healthy = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        hostile = posthorn.json("POST", "/app", "{\"name\":\"Two\"}").getString("id");
        posthorn.json("POST", "/app/" + healthy + "/endpoint", "{\"url\":\"" + receiver.url("ok") + "\"}");
        starter.start();
        orderly = posthorn.json("POST", "/app", "{\"name\":\"Three\"}").getString("id");
        for (int i = 0; i < endpoints.size(); i++) {
            posthorn.json("POST", "/app/" + orderly + "/endpoint", "{\"url\":\"" + well.start() + "\"}");
        }
    }

    private String orderlyInHttp1() {
        HttpServer server = others.createHttpServer()
                .requestHandler(request ->
                        request.response().putHeader("connection", "close").end("ok"));
        return "http://127.0.0.1:"
                + Futures.resultOf(server.listen(0, "127.0.0.1")).actualPort() + "/";
    }

    private String orderlyInHttp2() {
        return startFrames(HostileFrames.GOES_AWAY_AFTER_THE_ANSWER).url("127.0.0.1");
    }

    private void hostileInHttp1() throws Exception {
        for (Behaviour behaviour : Behaviour.values()) {
            endpoint(name(behaviour), HostileReceiver.start(others, behaviour).url());
        }
    }

    private void hostileInHttp2() throws Exception {
        for (HostileFrames behaviour : HostileFrames.values()) {
            endpoint(name(behaviour), startFrames(behaviour).url("127.0.0.1"));
        }
    }

    private FrameReceiver startFrames(HostileFrames behaviour) {
        return Futures.resultOf(FrameReceiver.start(others, certificate, behaviour));
    }

    private void endpoint(String name, String url) throws Exception {
        JsonObject made = posthorn.json("POST", "/app/" + hostile + "/endpoint", "{\"url\":\"" + url + "\"}");
        endpoints.put(name, made.getString("id"));
    }

    private static String name(Behaviour behaviour) {
        return "HTTP/1.1 " + behaviour;
    }

    private static String name(HostileFrames behaviour) {
        return "HTTP/2 " + behaviour;
    }

    /** Sends to all of an application so often; answers the messages. */
    private List<String> waves(String app, int count) throws Exception {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(posthorn.json("POST", "/app/" + app + "/msg", "{\"eventType\":\"a.b\",\"payload\":{}}")
                    .getString("id"));
        }
        return messages;
    }

    /** Sends to the healthy one, one after the other, and answers p95 of how long that took, in microseconds. */
    private double window() throws Exception {
        receiver.forget();
        for (int i = 0; i < MEASURED; i++) {
            JsonObject body = new JsonObject().put("eventType", "a.b").put("payload", TimedReceiver.payload("ok"));
            posthorn.json("POST", "/app/" + healthy + "/msg", body.encode());
        }
        await().atMost(PATIENCE).until(() -> receiver.count("ok") == MEASURED);
        return receiver.micros("ok", 0.95);
    }

    /** How many deliveries to each have no end yet. */
    private Map<String, Integer> waiting() throws Exception {
        Map<String, Integer> waiting = new HashMap<>();
        for (Map.Entry<String, String> endpoint : endpoints.entrySet()) {
            JsonObject stats =
                    posthorn.json("GET", "/app/" + hostile + "/endpoint/" + endpoint.getValue() + "/stats", "");
            int left = stats.getInteger("pending") + stats.getInteger("sending");
            if (left > 0) {
                waiting.put(endpoint.getKey(), left);
            }
        }
        return waiting;
    }

    private List<JsonObject> attempts(String message) throws Exception {
        JsonArray attempts = posthorn.json("GET", "/app/" + hostile + "/attempt/msg/" + message + "?limit=250", "")
                .getJsonArray("data");
        return attempts.stream().map(JsonObject.class::cast).toList();
    }

    /** Of all its processes, after the garbage was collected. */
    private long usedHeap() throws Exception {
        double sum = 0;
        for (PosthornProcess one : posthorn.processes()) {
            Process collects = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(one.pid()),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(collects.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(collects.exitValue()).isZero();
            Matcher lines = Pattern.compile("(?m)^jvm_memory_used_bytes\\{area=\"heap\"[^}]*} ([0-9.E]+)")
                    .matcher(one.management("/metrics").body());
            while (lines.find()) {
                sum += Double.parseDouble(lines.group(1));
            }
        }
        assertThat(sum).as("the heap is in the metrics").isPositive();
        return (long) sum;
    }

    private long residentKib() throws IOException {
        long sum = 0;
        for (PosthornProcess one : posthorn.processes()) {
            sum += Arrays.stream(Files.readString(Path.of("/proc", Long.toString(one.pid()), "status"))
                            .split("\n"))
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
        return sum;
    }
}
