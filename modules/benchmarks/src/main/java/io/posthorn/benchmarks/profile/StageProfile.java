package io.posthorn.benchmarks.profile;

import io.posthorn.benchmarks.run.ThreadCpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What each stage used in one window.
 *
 * @param cpuMicros together what the kernel counted for the threads; see {@link CpuSharing} for what is estimated
 * @param bytes together what Java counted; shared out by samples of allocations, each weighted with what its thread had
 *     allocated since the sample before
 * @param samples how many looks at threads that did not wait there were
 * @param unknown what is unattributed: the most frequent of such stacks, by their topmost frames, and threads
 */
public record StageProfile(
        Map<MessageStage, Double> cpuMicros, Map<MessageStage, Double> bytes, int samples, List<String> unknown) {
    private static final double MICROS_PER_MILLI = 1_000;
    private static final int FRAMES = 4;
    private static final int MOST_UNKNOWN = 3;

    /** From a recording of the window, and what was counted in it. */
    public static StageProfile of(Path recording, List<ThreadCpu> threads, long allocatedBytes) throws IOException {
        StackSamples samples = StackSamples.read(recording);
        List<String> unknown = new ArrayList<>(mostFrequent(samples.unknown()));
        unknown.addAll(unknownThreads(threads, samples.cpu()));
        return new StageProfile(
                CpuSharing.share(threads, samples.cpu()),
                scaled(AllocationSample.weights(samples.allocations()), (double) allocatedBytes),
                samples.cpu().size(),
                unknown);
    }

    private static List<String> unknownThreads(List<ThreadCpu> threads, List<CpuSample> samples) {
        Set<Long> seen = samples.stream().map(CpuSample::thread).collect(Collectors.toSet());
        return threads.stream()
                .filter(thread -> !seen.contains(thread.id()) && thread.micros() > 0)
                .filter(thread -> StageRules.ofThread(thread.name()) == MessageStage.UNATTRIBUTED)
                .sorted(Comparator.comparingDouble(ThreadCpu::micros).reversed())
                .limit(MOST_UNKNOWN)
                .map(thread -> String.format(
                        Locale.ROOT,
                        "unattributed: %.0f ms of the thread \"%s\", of which there are no stacks",
                        thread.micros() / MICROS_PER_MILLI,
                        thread.name()))
                .toList();
    }

    /** The same proportions with that sum; all of it unattributed where there is nothing to go by. */
    static Map<MessageStage, Double> scaled(Map<MessageStage, Double> weights, double sum) {
        double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<MessageStage, Double> scaled = new EnumMap<>(MessageStage.class);
        if (all > 0) {
            weights.forEach((stage, weight) -> scaled.put(stage, weight / all * sum));
        } else {
            scaled.put(MessageStage.UNATTRIBUTED, sum);
        }
        return scaled;
    }

    private static List<String> mostFrequent(List<List<Frame>> stacks) {
        Map<String, Long> counts = stacks.stream()
                .map(stack -> stack.isEmpty()
                        ? "no stack"
                        : stack.stream().limit(FRAMES).map(Frame::toString).collect(Collectors.joining(" < ")))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_UNKNOWN)
                .map(entry -> "unattributed: " + entry.getValue() + " x " + entry.getKey())
                .toList();
    }
}
