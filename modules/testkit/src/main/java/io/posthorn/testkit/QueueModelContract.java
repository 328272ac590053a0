package io.posthorn.testkit;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/**
 * Random operations on an engine, each compared with {@link QueueModel}. The seed stands in the message of a failure;
 * the system property {@code posthorn.model.seed} tries another one.
 */
public abstract class QueueModelContract extends EngineSuite {
    private static final int STEPS = 300;

    @RepeatedTest(8)
    void doesWhatTheModelDoes(RepetitionInfo repetition) {
        run(repetition.getCurrentRepetition(), false);
    }

    @RepeatedTest(4)
    void doesWhatTheModelDoesOverCrashes(RepetitionInfo repetition) {
        run(100L + repetition.getCurrentRepetition(), fixture.durable());
    }

    @Test
    void doesWhatTheModelDoesForAChosenSeed() {
        run(Long.getLong("posthorn.model.seed", 4711), fixture.durable());
    }

    private void run(long seed, boolean crashes) {
        ModelRun run = new ModelRun(fixture, store, seed, crashes);
        try {
            run.steps(STEPS);
        } finally {
            store = run.store();
        }
    }
}
