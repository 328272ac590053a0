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
        new ModelRun(fixture, store, repetition.getCurrentRepetition(), false).steps(STEPS);
    }

    @RepeatedTest(4)
    void doesWhatTheModelDoesOverCrashes(RepetitionInfo repetition) {
        new ModelRun(fixture, store, 100L + repetition.getCurrentRepetition(), fixture.durable()).steps(STEPS);
    }

    @Test
    void doesWhatTheModelDoesForAChosenSeed() {
        long seed = Long.getLong("posthorn.model.seed", 4711);
        new ModelRun(fixture, store, seed, fixture.durable()).steps(STEPS);
    }
}
