package io.posthorn.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.testkit.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;

/** The books recounted: while traffic flows, after it, and after damage done by hand. */
@Timeout(300)
class VerifyST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECOUNTS = 3;
    private static final int MESSAGES = 500;

    @TempDir
    Path data;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void aRecountOfARunningNodeReportsNoDifferenceThatTrafficMade() throws Exception {
        // Given
        CountingReceiver receiver = CountingReceiver.start(vertx);
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            String application = prepare(posthorn, receiver);
            AtomicBoolean stopped = new AtomicBoolean();
            List<Throwable> failures = new ArrayList<>();
            Thread traffic = new Thread(() -> {
                while (!stopped.get()) {
                    try {
                        assertThat(MessageLoad.send(posthorn, application, 50)).hasSize(50);
                    } catch (Exception | AssertionError e) {
                        failures.add(e);
                        return;
                    }
                }
            });
            traffic.start();
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() >= 50);

            // When
            List<PosthornCommand.Result> recounts = new ArrayList<>();
            for (int i = 0; i < RECOUNTS; i++) {
                recounts.add(online(posthorn));
            }
            stopped.set(true);
            traffic.join();

            // Then
            assertThat(failures).isEmpty();
            assertThat(recounts)
                    .allSatisfy(
                            recount -> assertThat(recount.expect(0).output()).contains("everything agrees"));
            assertThat(posthorn.metrics()).contains("posthorn_audit_differences 0.0");
            assertThat(posthorn.terminate()).isZero();
        }
        assertThat(offline().expect(0).output()).contains("everything agrees");
    }

    @Test
    void aLostIndexEntryIsFoundAndMendedAndTheDeliveryArrives() throws Exception {
        // Given
        CountingReceiver receiver = CountingReceiver.start(vertx);
        try (PosthornProcess posthorn =
                PosthornProcess.start(data, Map.of(), "--roles=health,storage,ratelimit,validation,ingestion")) {
            assertThat(MessageLoad.send(posthorn, prepare(posthorn, receiver), MESSAGES))
                    .hasSize(MESSAGES);
            assertThat(offline().expect(1).output()).contains("in use by another process", "--url");
            assertThat(posthorn.terminate()).isZero();
        }
        loseFirstRow("QUEUE");

        // When
        PosthornCommand.Result found = offline();
        PosthornCommand.Result mended = offline("--repair");
        JsonObject again = new JsonObject(offline("--json").expect(0).output());

        // Then
        assertThat(found.expect(1).output()).contains("lost index entry: ").doesNotContain("(mended)");
        assertThat(mended.expect(0).output()).contains("(mended)");
        assertThat(again.getInteger("differenceCount")).isZero();
        try (PosthornProcess posthorn = PosthornProcess.start(data, Map.of())) {
            await().atMost(PATIENCE).until(() -> receiver.accepted().size() == MESSAGES);
            assertThat(posthorn.terminate()).isZero();
        }
    }

    /** As a bug or a bad disk would: the first row of a table of the disk engine is gone. */
    private void loseFirstRow(String table) throws Exception {
        String place = data.resolve("queue").toString();
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        try (Options options = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(options, place)) {
                descriptors.add(new ColumnFamilyDescriptor(name));
            }
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB database = RocksDB.open(options, place, descriptors, handles)) {
            for (ColumnFamilyHandle handle : handles) {
                if (new String(handle.getName(), StandardCharsets.UTF_8).equalsIgnoreCase(table)) {
                    try (RocksIterator rows = database.newIterator(handle)) {
                        rows.seekToFirst();
                        assertThat(rows.isValid()).isTrue();
                        database.delete(handle, rows.key());
                    }
                }
            }
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    private static String prepare(PosthornProcess posthorn, CountingReceiver receiver) throws Exception {
        String application = posthorn.json("POST", "/app", "{\"name\":\"One\"}").getString("id");
        JsonObject endpoint =
                posthorn.json("POST", "/app/" + application + "/endpoint", "{\"url\":\"" + receiver.url() + "\"}");
        assertThat(endpoint.getBoolean("disabled")).isFalse();
        return application;
    }

    private static PosthornCommand.Result online(PosthornProcess posthorn) throws Exception {
        return PosthornCommand.run(
                Map.of(), "verify", "--url", posthorn.api().replace("/api/v1", ""), "--token", posthorn.token());
    }

    private PosthornCommand.Result offline(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("verify"));
        arguments.addAll(List.of(options));
        return PosthornCommand.run(Map.of("WEBHOOK_DATA_DIR", data.toString()), arguments.toArray(String[]::new));
    }
}
