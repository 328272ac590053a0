package io.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.contract.Application;
import io.posthorn.contract.Endpoint;
import io.posthorn.testkit.Futures;
import io.vertx.core.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program with a fallback is killed at each step of the way back; the next one ends what it began. */
class FallbackCrashTest {
    private static final int MESSAGES = 1_200;

    private final FallbackRun run = new FallbackRun();

    @AfterEach
    void close() {
        run.close();
    }

    @Test
    void whatWasAcceptedOnTheSpareIsMovedByTheNextProgram() {
        // Given
        acceptOnSpare();

        // When
        run.crash();
        run.primary.comeBack();
        run.start();
        run.awaitPrimary();

        // Then
        run.deliverAllOnce();
    }

    @Test
    void whatWasAcceptedOnTheSpareIsDeliveredByTheNextProgramThoughThePrimaryIsStillAway() {
        // Given
        acceptOnSpare();

        // When
        run.crash();
        run.start();
        run.awaitSpare();
        run.claim(100).forEach(run::succeed);
        run.primary.comeBack();
        run.awaitPrimary();

        // Then
        run.deliverAllOnce();
    }

    /** The call at which it is killed: the {@code nth} of that name on that store after the primary came back. */
    @ParameterizedTest
    @CsvSource({
        "primary, identity, 1",
        "primary, write, 1",
        "spare, mark, 1",
        "primary, write, 2",
        "primary, write, 3",
        "spare, clear, 1",
        "spare, mark, 2",
        "spare, write, 1"
    })
    void isKilledOnTheWayBack(String where, String call, int nth) {
        // Given
        acceptOnSpare();
        run.claim(50).forEach(run::succeed);
        SwitchableStore store = where.equals("primary") ? run.primary : run.spare;
        Future<Void> reached = store.hold(call);
        run.primary.comeBack();
        for (int i = 1; i < nth; i++) {
            Futures.resultOf(reached);
            reached = store.next(call);
        }
        Futures.resultOf(reached);

        // When
        run.crash();
        run.start();
        run.awaitPrimary();

        // Then
        run.deliverAllOnce();
        assertThat(run.spareBooks().created()).isZero();
    }

    private void acceptOnSpare() {
        run.primary.goAway();
        run.start();
        Application application = run.application();
        Endpoint unused = run.endpoint(application);
        run.accept(application.id(), MESSAGES);
    }
}
