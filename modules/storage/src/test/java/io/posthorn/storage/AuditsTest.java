package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.AuditReport;
import io.posthorn.contract.Books;
import io.posthorn.contract.ErrorCode;
import io.posthorn.contract.PosthornException;
import io.posthorn.storage.api.Audit;
import io.posthorn.testkit.Futures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final StubAudit engine = new StubAudit();
    private final Audits audits = new Audits(engine, new EngineCalls(context));

    @AfterEach
    void close() {
        Futures.resultOf(vertx.close());
    }

    @Test
    void saysThatNothingRanBeforeTheFirst() {
        assertThat(progress()).isEqualTo(new AuditReport.Progress(false, 0, "", List.of()));
    }

    @Test
    void showsHowFarTheEngineHasLooked() {
        // When
        AuditReport.Progress begun = start(false);
        engine.looked.accept(700);

        // Then
        assertThat(begun.running()).isTrue();
        assertThat(progress()).isEqualTo(new AuditReport.Progress(true, 700, "", List.of()));
    }

    @Test
    void keepsTheReportOfTheLastOne() {
        // Given
        start(false);

        // When
        engine.running.complete(report(3));

        // Then
        AuditReport.Progress ended = ended();
        assertThat(ended.failure()).isEmpty();
        assertThat(ended.last()).containsExactly(report(3));
    }

    @Test
    void aSecondStartJoinsTheOneThatRuns() {
        // Given
        start(true);
        engine.looked.accept(5);

        // When
        AuditReport.Progress joined = start(true);
        AuditReport.Progress lookingOnly = start(false);

        // Then
        assertThat(joined.running()).isTrue();
        assertThat(joined.looked()).isEqualTo(5);
        assertThat(lookingOnly).isEqualTo(joined);
        assertThat(engine.repairs).containsExactly(true);
    }

    @Test
    void aRepairThatIsAskedForWhileOneOnlyLooksComesRightAfterIt() {
        // Given
        start(false);
        start(true);
        start(true);
        Promise<AuditReport> first = engine.running;

        // When
        first.complete(report(2));

        // Then
        assertThat(progress().running()).isTrue();
        assertThat(engine.repairs).containsExactly(false, true);
        engine.running.complete(report(0));
        assertThat(ended().last()).containsExactly(report(0));
        assertThat(engine.repairs).hasSize(2);
    }

    @Test
    void aFailureIsToldWithoutItsInsidesAndTheReportBeforeStays() {
        // Given
        start(false);
        engine.running.complete(report(1));
        assertThat(ended().last()).hasSize(1);

        // When
        start(false);
        engine.running.fail(new IllegalStateException("/secret/place"));
        AuditReport.Progress unexpected = ended();
        start(false);
        engine.running.fail(new PosthornException(ErrorCode.STORE_UNAVAILABLE, "the disk is full"));
        AuditReport.Progress known = ended();

        // Then
        assertThat(unexpected.failure()).isNotEmpty().doesNotContain("secret");
        assertThat(unexpected.last()).containsExactly(report(1));
        assertThat(known.failure()).isEqualTo("the disk is full");
        assertThat(start(false).failure()).isEmpty();
    }

    private AuditReport.Progress start(boolean repair) {
        return onContext(() -> audits.start(new AuditReport.Start(repair)));
    }

    private AuditReport.Progress progress() {
        return onContext(audits::progress);
    }

    /** What the engine completed has gone to the context before this asks there. */
    private AuditReport.Progress ended() {
        AuditReport.Progress now = progress();
        assertThat(now.running()).isFalse();
        return now;
    }

    private <T> T onContext(Callable<T> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(nothing -> {
            try {
                promise.complete(work.call());
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return Futures.resultOf(promise.future());
    }

    private static AuditReport report(long differences) {
        return new AuditReport(
                "stub",
                Instant.EPOCH,
                Duration.ofSeconds(1),
                1,
                1,
                1,
                1,
                Books.EMPTY,
                Books.EMPTY,
                differences,
                List.of());
    }

    /** An engine that counts for as long as the test wants. */
    private static final class StubAudit implements Audit {
        final List<Boolean> repairs = new ArrayList<>();
        volatile Promise<AuditReport> running = Promise.promise();
        volatile LongConsumer looked = count -> {};

        @Override
        public Future<AuditReport> audit(boolean repair, LongConsumer told) {
            running = Promise.promise();
            looked = told;
            repairs.add(repair);
            return running.future();
        }
    }
}
