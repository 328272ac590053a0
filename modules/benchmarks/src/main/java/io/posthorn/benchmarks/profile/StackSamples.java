package io.posthorn.benchmarks.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * What a flight recording holds of stacks.
 *
 * @param cpu looks at threads
 * @param allocations that were sampled
 * @param unknown stacks, running or allocating, that no rule knows
 */
record StackSamples(List<CpuSample> cpu, List<AllocationSample> allocations, List<List<Frame>> unknown) {
    static StackSamples read(Path file) throws IOException {
        StackSamples samples = new StackSamples(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                samples.add(recording.readEvent());
            }
        }
        return samples;
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> addCpu(event, false);
            case "jdk.NativeMethodSample" -> addCpu(event, true);
            case "jdk.ObjectAllocationSample" -> {
                List<Frame> stack = stack(event);
                MessageStage stage = StageRules.of(stack);
                @Nullable RecordedThread thread = event.getThread();
                allocations.add(new AllocationSample(
                        event.getStartTime(), thread == null ? 0 : thread.getId(), stage, event.getLong("weight")));
                noteUnknown(stage, stack);
            }
            default -> {
                // The recorder's own.
            }
        }
    }

    private void addCpu(RecordedEvent event, boolean inNative) {
        @Nullable RecordedThread thread = event.getThread("sampledThread");
        List<Frame> stack = stack(event);
        if (thread == null || StageRules.waits(stack)) {
            return;
        }
        cpu.add(new CpuSample(thread.getOSThreadId(), inNative, stack));
        noteUnknown(StageRules.of(stack), stack);
    }

    private void noteUnknown(MessageStage stage, List<Frame> stack) {
        if (stage == MessageStage.UNATTRIBUTED) {
            unknown.add(stack);
        }
    }

    private static List<Frame> stack(RecordedEvent event) {
        @Nullable RecordedStackTrace trace = event.getStackTrace();
        return trace == null ? List.of() : frames(trace);
    }

    private static List<Frame> frames(RecordedStackTrace trace) {
        return trace.getFrames().stream()
                .map(frame -> {
                    RecordedMethod method = frame.getMethod();
                    return new Frame(method.getType().getName(), method.getName());
                })
                .toList();
    }
}
