package io.posthorn.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AllocationSampleTest {
    @Test
    void theFirstOfEachThreadIsLeftOutSinceItStandsForTheTimeBefore() {
        // Given: in no order, as a recording has them
        List<AllocationSample> samples = List.of(
                sample(3, 1, MessageStage.SIGN, 40),
                sample(1, 1, MessageStage.ACCEPT, 1_000_000),
                sample(2, 1, MessageStage.SIGN, 20),
                sample(4, 2, MessageStage.SEND, 1_000_000),
                sample(5, 2, MessageStage.PARSE, 10));

        // When
        Map<MessageStage, Double> weights = AllocationSample.weights(samples);

        // Then
        assertThat(weights).containsOnly(Map.entry(MessageStage.SIGN, 60.0), Map.entry(MessageStage.PARSE, 10.0));
    }

    @Test
    void weightsAreScaledToWhatWasCounted() {
        Map<MessageStage, Double> scaled =
                StageProfile.scaled(Map.of(MessageStage.SIGN, 60.0, MessageStage.PARSE, 20.0), 400);

        assertThat(scaled.get(MessageStage.SIGN)).isEqualTo(300, Offset.offset(1e-9));
        assertThat(scaled.get(MessageStage.PARSE)).isEqualTo(100, Offset.offset(1e-9));
    }

    @Test
    void withoutSamplesAllOfItIsUnattributed() {
        assertThat(StageProfile.scaled(Map.of(), 400)).containsOnly(Map.entry(MessageStage.UNATTRIBUTED, 400.0));
    }

    private static AllocationSample sample(long second, long thread, MessageStage stage, long weight) {
        return new AllocationSample(Instant.ofEpochSecond(second), thread, stage, weight);
    }
}
