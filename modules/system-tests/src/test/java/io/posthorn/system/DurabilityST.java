package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.ReceivedRequest;
import io.posthorn.testkit.ScriptedReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was answered with 2xx is counted at the receiver, by {@code webhook-id}. */
class DurabilityST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SENDERS = 4;
    private static final int ACCEPTED_PER_ROUND = 300;
    private static final int KILLS = 3;

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private ScriptedReceiver receiver;
    private String app;

    @BeforeEach
    void start() {
        receiver = Futures.resultOf(ScriptedReceiver.start(vertx));
    }

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void killUnderLoadLosesNothingThatWasAccepted() throws Exception {
        // When
        for (int kill = 0; kill < KILLS; kill++) {
            try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
                prepare(posthorn);
                underLoad(posthorn, accepted.size() + ACCEPTED_PER_ROUND, posthorn::kill);
            }
        }

        // Then
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            await().atMost(PATIENCE).until(() -> receivedIds().containsAll(accepted));
            await().atMost(PATIENCE).until(() -> isDrained(posthorn));
        }
        assertThat(accepted).hasSizeGreaterThanOrEqualTo(KILLS * ACCEPTED_PER_ROUND);
    }

    @Test
    void terminationUnderLoadLosesNothingAndRepeatsNothing() throws Exception {
        // Given
        PosthornProcess first = PosthornProcess.start(data, Map.of());
        prepare(first);

        // When
        underLoad(first, ACCEPTED_PER_ROUND, () -> assertThat(first.terminate()).isZero());
        try (PosthornProcess second = PosthornProcess.start(data, Map.of())) {
            await().atMost(PATIENCE).until(() -> receivedIds().containsAll(accepted));
            // A repeat would come from what still waits or is in flight: nothing may be left of either.
            await().atMost(PATIENCE).until(() -> isDrained(second));
        }

        // Then
        List<String> ids = receiver.received().stream()
                .map(request -> request.header("webhook-id"))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
    }

    private void prepare(PosthornProcess posthorn) throws Exception {
        if (app == null) {
            app = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
            JsonObject endpoint =
                    posthorn.json("POST", "/app/" + app + "/endpoint", "{\"url\":\"" + receiver.url("/hook") + "\"}");
            assertThat(endpoint.getBoolean("disabled")).isFalse();
        }
    }

    /** Ends a process. */
    @FunctionalInterface
    private interface End {
        void run() throws Exception;
    }

    /** Sends from several threads, and ends the process in the midst of it. */
    private void underLoad(PosthornProcess posthorn, int until, End end) throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Thread sender = new Thread(() -> send(posthorn, stopped));
            sender.start();
            senders.add(sender);
        }
        await().atMost(PATIENCE).until(() -> accepted.size() >= until);
        end.run();
        stopped.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private void send(PosthornProcess posthorn, AtomicBoolean stopped) {
        while (!stopped.get()) {
            try {
                HttpResponse<String> answer = posthorn.call(
                        "POST", "/app/" + app + "/msg", "{\"eventType\":\"invoice.paid\",\"payload\":{\"n\":1}}");
                if (answer.statusCode() == 202) {
                    accepted.add(new JsonObject(answer.body()).getString("id"));
                }
            } catch (IOException e) {
                // The process is gone: what was not answered was not accepted.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isDrained(PosthornProcess posthorn) throws Exception {
        List<String> metrics = posthorn.metrics().lines().toList();
        return metrics.contains("posthorn_deliveries_waiting 0.0")
                && metrics.contains("posthorn_deliveries_in_flight 0.0")
                && metrics.stream()
                        .anyMatch(line ->
                                line.startsWith("posthorn_deliveries_succeeded_total ") && !line.endsWith(" 0.0"));
    }

    private Set<String> receivedIds() {
        return receiver.received().stream()
                .map((ReceivedRequest request) -> request.header("webhook-id"))
                .collect(Collectors.toSet());
    }
}
