package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What healthy endpoints notice of bad ones, in turns of windows with and without them. The bounds are wide, since the machine may be
 * busy: what is measured by itself stands in docs/performance.md. Without isolation they are exceeded a hundredfold.
 */
class IsolationST {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int HEALTHY = 16;
    private static final int PAIRS = 3;
    private static final int MESSAGES = 240;
    private static final int EVERY_MILLIS = 5;
    private static final int BACKLOG = 10_000;
    private static final int FRESH = 60;
    private static final double BOUND = 8;

    /** Both are sent on the same busy machine, so that what is left is the backlog. */
    private static final double BOUND_BESIDE = 4;

    /** Draining takes all that the machine has; an event behind the backlog would wait for seconds, hundreds of times as long. */
    private static final double BOUND_WHILE_DRAINING = 30;

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final TimedReceiver receiver = TimedReceiver.start(vertx);
    private final Map<String, String> endpoints = new HashMap<>();
    private PosthornProcess posthorn;
    private String app;

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void badOnesOnDisk() throws Exception {
        badOnes(Map.of());
    }

    @Test
    void badOnesOnRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            badOnes(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url()));
        }
    }

    @Test
    void floodedOneOnDisk() throws Exception {
        floodedOne(Map.of());
    }

    @Test
    void floodedOneOnRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            floodedOne(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url()));
        }
    }

    @Test
    void recoveringOneGetsFreshEventsAtOnceOnDisk() throws Exception {
        recoveringOne(Map.of());
    }

    @Test
    void recoveringOneGetsFreshEventsAtOnceOnRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            recoveringOne(Map.of("WEBHOOK_STORAGE_TYPE", "redis", "REDIS_URL", redis.url()));
        }
    }

    /** Of twenty endpoints two never answer and two always fail, or are disabled. */
    private void badOnes(Map<String, String> engine) throws Exception {
        try (PosthornProcess started = start(engine)) {
            // Given
            prepare(started);
            List<String> bad = List.of("hang/1", "hang/2", "fail/1", "fail/2");
            for (String name : bad) {
                receiver.behave(
                        name, name.startsWith("hang") ? TimedReceiver.Behaviour.HANG : TimedReceiver.Behaviour.FAIL);
                endpoint(name, "");
            }
            List<String> all = new ArrayList<>(healthy());
            all.addAll(bad);
            window(all, 0);

            // When
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < PAIRS; pair++) {
                disable(bad, true);
                double without = window(all, MESSAGES);
                disable(bad, false);
                double with = window(all, MESSAGES);
                ratios.add(with / without);
            }

            // Then
            assertThat(median(ratios))
                    .as("p95 with bad ones by p95 without: %s", ratios)
                    .isLessThan(BOUND);
        }
    }

    /** One endpoint gets ten times as much as its limit allows, while thousands wait for it. */
    private void floodedOne(Map<String, String> engine) throws Exception {
        try (PosthornProcess started = start(engine)) {
            // Given
            prepare(started);
            endpoint("limited", ",\"throttleRate\":5");
            List<String> all = healthy();
            List<String> flooded = new ArrayList<>(all);
            for (int i = 0; i < 4; i++) {
                flooded.add("limited");
            }
            window(all, 0);

            // When
            List<Double> ratios = new ArrayList<>();
            for (int pair = 0; pair < PAIRS; pair++) {
                double without = window(all, MESSAGES);
                double with = window(flooded, MESSAGES);
                ratios.add(with / without);
            }

            // Then
            assertThat(median(ratios))
                    .as("p95 beside a flooded one by p95 without: %s", ratios)
                    .isLessThan(BOUND);
            assertThat(receiver.count("limited")).isGreaterThan(0);
        }
    }

    /** What came while an endpoint was down drains; meanwhile fresh events pass it. */
    private void recoveringOne(Map<String, String> engine) throws Exception {
        try (PosthornProcess started = start(engine)) {
            // Given
            prepare(started);
            receiver.behave("down", TimedReceiver.Behaviour.SLOW_OK);
            String id = endpoint("down", "");
            String circuit = "/app/" + app + "/endpoint/" + id + "/circuit";
            started.json("POST", circuit + "/open", "");
            send(List.of("down"), BACKLOG, 0);
            receiver.forget();

            // When
            started.json("POST", circuit + "/reset", "");
            await().atMost(PATIENCE).until(() -> receiver.count("down") > BACKLOG / 10);
            Fresh draining = fresh();
            int left = waiting(circuit);
            await().atMost(PATIENCE).until(() -> waiting(circuit) == 0);
            Fresh normal = fresh();

            // Then
            assertThat(left).as("waiting when the fresh ones had come").isPositive();
            assertThat(draining.ownMicros() / draining.besideMicros())
                    .as(
                            "median of fresh events while the backlog drains, by that of another endpoint meanwhile: %s",
                            draining)
                    .isLessThan(BOUND_BESIDE);
            assertThat(draining.ownMicros() / normal.ownMicros())
                    .as("median of fresh events while the backlog drains, by that afterwards: %s, %s", draining, normal)
                    .isLessThan(BOUND_WHILE_DRAINING);
        }
    }

    /** Medians of events for the endpoint that recovers, and in turn with them for one that was never away. */
    private record Fresh(double ownMicros, double besideMicros) {}

    private Fresh fresh() throws Exception {
        receiver.forget();
        send(List.of("fresh", "ok/0"), 2 * FRESH, EVERY_MILLIS);
        await().atMost(PATIENCE).until(() -> receiver.count("fresh") >= FRESH && receiver.count("ok/") >= FRESH);
        return new Fresh(receiver.micros("fresh", 0.5), receiver.micros("ok/", 0.5));
    }

    private int waiting(String circuit) throws Exception {
        return posthorn.json("GET", circuit, "").getInteger("waiting");
    }

    private PosthornProcess start(Map<String, String> engine) throws Exception {
        Map<String, String> settings = new HashMap<>(engine);
        settings.put("WEBHOOK_DEFAULT_TIMEOUT", "3");
        settings.put("WEBHOOK_RETRY_SCHEDULE", "1,2,4,8,16,32,64");
        return PosthornProcess.start(data, settings);
    }

    private void prepare(PosthornProcess started) throws Exception {
        posthorn = started;
        app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        for (String name : healthy()) {
            endpoint(name, "");
        }
    }

    private static List<String> healthy() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < HEALTHY; i++) {
            names.add("ok/" + i);
        }
        return names;
    }

    private String endpoint(String name, String more) throws Exception {
        String body = "{\"url\":\"" + receiver.url(name) + "\",\"channels\":[\"" + channel(name) + "\"]" + more + "}";
        String id = posthorn.json("POST", "/app/" + app + "/endpoint", body).getString("id");
        endpoints.put(name, id);
        return id;
    }

    private static String channel(String name) {
        return name.replace('/', '_');
    }

    private void disable(List<String> names, boolean disabled) throws Exception {
        for (String name : names) {
            posthorn.json(
                    "PATCH", "/app/" + app + "/endpoint/" + endpoints.get(name), "{\"disabled\":" + disabled + "}");
        }
    }

    /** Sends to the endpoints in turn and answers p95 of the healthy ones. */
    private double window(List<String> names, int messages) throws Exception {
        receiver.forget();
        int sent = send(names, messages == 0 ? MESSAGES : messages, EVERY_MILLIS);
        await().atMost(PATIENCE).until(() -> receiver.count("ok/") >= sent);
        return receiver.micros("ok/", 0.95);
    }

    /** Sends at that pace, or 64 at once when it is 0; all must be accepted. Answers how many were for healthy ones. */
    private int send(List<String> names, int messages, int everyMillis) throws Exception {
        CountDownLatch accepted = new CountDownLatch(messages);
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        if (everyMillis > 0) {
            vertx.setPeriodic(everyMillis, timer -> {
                if (next.get() >= messages) {
                    vertx.cancelTimer(timer);
                } else {
                    post(names.get(next.getAndIncrement() % names.size()), accepted, refused, () -> {});
                }
            });
        } else {
            for (int i = 0; i < 64; i++) {
                chain(names, messages, next, accepted, refused);
            }
        }
        assertThat(accepted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(refused).hasValue(0);
        int healthy = 0;
        for (int i = 0; i < messages; i++) {
            healthy += names.get(i % names.size()).startsWith("ok/") ? 1 : 0;
        }
        return healthy;
    }

    private void chain(
            List<String> names, int messages, AtomicInteger next, CountDownLatch accepted, AtomicInteger refused) {
        int number = next.getAndIncrement();
        if (number < messages) {
            post(
                    names.get(number % names.size()),
                    accepted,
                    refused,
                    () -> chain(names, messages, next, accepted, refused));
        }
    }

    private void post(String name, CountDownLatch accepted, AtomicInteger refused, Runnable then) {
        JsonObject body = new JsonObject()
                .put("eventType", "isolation.measured")
                .put("channels", new JsonArray().add(channel(name.equals("fresh") ? "down" : name)))
                .put("payload", TimedReceiver.payload(name));
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(posthorn.api() + "/app/" + app + "/msg")
                .putHeader("authorization", "Bearer " + posthorn.token())
                .putHeader("content-type", "application/json");
        client.request(options)
                .compose(request -> request.send(body.toBuffer()))
                .compose(response -> response.body().map(response.statusCode()))
                .onComplete(done -> {
                    if (done.failed() || done.result() != 202) {
                        refused.incrementAndGet();
                    }
                    accepted.countDown();
                    then.run();
                });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
