package io.posthorn.benchmarks.profile;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One allocation, seen by chance.
 *
 * @param at when
 * @param thread which one, as the recorder counts them
 * @param stage what it was for
 * @param weight the bytes that the thread allocated since its sample before
 */
record AllocationSample(Instant at, long thread, MessageStage stage, long weight) {
    /**
     * The weights by stage. The first sample of each thread does not count: it stands for all that the thread allocated
     * since it began, or since an earlier recording.
     */
    static Map<MessageStage, Double> weights(List<AllocationSample> samples) {
        Map<MessageStage, Double> weights = new EnumMap<>(MessageStage.class);
        Set<Long> begun = new HashSet<>();
        for (AllocationSample sample : samples.stream()
                .sorted(Comparator.comparing(AllocationSample::at))
                .toList()) {
            if (!begun.add(sample.thread())) {
                double unused = weights.merge(sample.stage(), (double) sample.weight(), Double::sum);
            }
        }
        return weights;
    }
}
