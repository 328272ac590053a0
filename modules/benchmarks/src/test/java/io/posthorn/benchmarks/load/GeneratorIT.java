package io.posthorn.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.testkit.Futures;
import io.posthorn.testkit.process.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generator and receiver against each other, in one process. */
class GeneratorIT {
    private static final int LOOPS = 2;

    private final Vertx vertx = Vertx.vertx();
    private final Receipts receipts = new Receipts();
    private int port;

    @BeforeEach
    void listen() {
        ReceiverVerticle receiver = new ReceiverVerticle(0, receipts);
        Futures.resultOf(vertx.deployVerticle(receiver));
        port = receiver.actualPort();
    }

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @ParameterizedTest(name = "bare {0}, {1} a second")
    @CsvSource({"true, 0", "false, 0", "true, 500", "false, 500"})
    void sendsAsManyAsItIsToldAndSeesEachAnswered(boolean bare, double rate) {
        // When
        JsonObject told = load(job(bare, "/ok", 4, 8).atRate(rate).limitedTo(101));

        // Then
        assertThat(told.getLong("sent")).isEqualTo(101);
        assertThat(told.getLong("unsent")).isZero();
        assertThat(told.getJsonObject("byStatus")).isEqualTo(new JsonObject().put("204", 101));
        JsonObject seen = Receipts.report(List.of(receipts));
        assertThat(seen.getLong("ok")).isEqualTo(101);
        assertThat(seen.getJsonObject("latency").getLong("count")).isEqualTo(101);
        assertThat(seen.getLong("last")).isGreaterThan(told.getLong("first"));
    }

    @Test
    void countsWhatIsRefusedByItsStatus() {
        JsonObject told = load(job(false, "/fail", 2, 2).limitedTo(10));

        assertThat(told.getJsonObject("byStatus")).isEqualTo(new JsonObject().put("500", 10));
        assertThat(Receipts.counts(List.of(receipts)).getLong("failed")).isEqualTo(10);
        assertThat(Receipts.counts(List.of(receipts)).getLong("ok")).isZero();
    }

    @Test
    void aBusyReceiverAsksToBeLeftAlone() {
        JsonObject told = load(job(false, "/busy", 2, 2).limitedTo(3));

        assertThat(told.getJsonObject("byStatus")).isEqualTo(new JsonObject().put("503", 3));
    }

    @Test
    void aSlowReceiverTakesItsTimeAndCountsAtOnce() {
        // When
        JsonObject told = load(job(false, "/slow", 2, 2).limitedTo(10));

        // Then
        long least = Duration.ofMillis(ReceiverConnection.SLOW_MILLIS).toNanos();
        assertThat(told.getJsonObject("byStatus")).isEqualTo(new JsonObject().put("204", 10));
        assertThat(told.getJsonObject("latency").getLong("p50")).isGreaterThan(least * 9 / 10);
        JsonObject seen = Receipts.report(List.of(receipts));
        assertThat(seen.getLong("ok")).isEqualTo(10);
        assertThat(seen.getJsonObject("latency").getLong("p50"))
                .isLessThan(told.getJsonObject("latency").getLong("p50"));
    }

    @Test
    void whatWasSentBeforeIsOldAfterwards() {
        // Given
        receipts.freshFrom(Long.MAX_VALUE);

        // When
        JsonObject told = load(job(false, "/ok", 2, 2).limitedTo(5));
        receipts.freshFrom(System.nanoTime());
        JsonObject fresh = load(job(false, "/ok", 2, 2).limitedTo(7));

        // Then
        assertThat(told.getLong("sent")).isEqualTo(5);
        assertThat(fresh.getLong("sent")).isEqualTo(7);
        JsonObject seen = Receipts.report(List.of(receipts));
        assertThat(seen.getLong("old")).isEqualTo(5);
        assertThat(seen.getLong("ok")).isEqualTo(7);
        assertThat(seen.getJsonObject("latency").getLong("count")).isEqualTo(7);
    }

    @Test
    void aHangingReceiverKeepsWhatItGot() {
        Future<JsonObject> never = new GeneratorMain(vertx, LOOPS)
                .load(job(false, "/hang", 2, 2).atRate(1_000).lasting(200));

        Patience.require(
                Duration.ofSeconds(20),
                "both connections to hang",
                () -> Receipts.counts(List.of(receipts)).getLong("hanging") == 2);
        assertThat(never.isComplete()).isFalse();
    }

    private JsonObject load(LoadJob job) {
        return Futures.resultOf(new GeneratorMain(vertx, LOOPS).load(job));
    }

    private LoadJob job(boolean bare, String path, int connections, int inFlight) {
        String head = bare ? path : "POST " + path + " HTTP/1.1\r\nhost: 127.0.0.1";
        return new LoadJob(bare, port, List.of(head), Payload.template(200), 1, connections, inFlight, 0, 20_000, 0, 0);
    }
}
