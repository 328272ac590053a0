package io.posthorn.benchmarks.profile;

import io.posthorn.benchmarks.run.ThreadCpu;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares the time that the kernel counted for each thread out among stages, in proportion to the thread's samples.
 *
 * <p>Exact is the time of each thread. Estimated is how it divides:
 *
 * <ul>
 *   <li>Within Java and within native code, by samples. The recorder of JDK 17 looks, each period, at several threads in
 *       Java but at one in native code, in turn ({@code jfrThreadSampler.cpp}); counts of the two kinds therefore cannot
 *       be added up. What a thread does in the virtual machine itself is in neither.
 *   <li>Between the two: user time is taken for Java and system time for native code, which is right for native code
 *       that is hardly more than a system call, such as a write to a socket.
 *   <li>On a thread whose native code works by itself (RocksDB), Java gets, for each sample, the user time that a sample
 *       in Java stands for on the other threads, and native code the rest. A stack in a flush is seen while it waits for
 *       the disk, too, so that among the native stages of such a thread the flush may get a little too much.
 * </ul>
 *
 * A thread without samples belongs to a stage by its name, or is unattributed.
 */
final class CpuSharing {
    private final Map<Long, List<CpuSample>> samples = new HashMap<>();
    private final Map<MessageStage, Double> micros = new EnumMap<>(MessageStage.class);

    private CpuSharing(List<CpuSample> all) {
        for (CpuSample sample : all) {
            samples.computeIfAbsent(sample.thread(), absent -> new ArrayList<>())
                    .add(sample);
        }
    }

    /** The microseconds of each stage; together those of all threads. Samples of threads that wait do not count. */
    static Map<MessageStage, Double> share(List<ThreadCpu> threads, List<CpuSample> samples) {
        CpuSharing sharing = new CpuSharing(samples.stream()
                .filter(sample -> !StageRules.waits(sample.stack()))
                .toList());
        double each = sharing.microsOfSample(threads);
        threads.forEach(thread -> sharing.share(thread, each));
        return sharing.micros;
    }

    /** What a sample in Java stands for, by the threads whose native code does not work by itself. */
    private double microsOfSample(List<ThreadCpu> threads) {
        double user = 0;
        long count = 0;
        for (ThreadCpu thread : threads) {
            List<CpuSample> own = of(thread);
            long inJava = own.stream().filter(sample -> !sample.inNative()).count();
            if (inJava > 0 && own.stream().noneMatch(CpuSample::computesInNative)) {
                user += thread.userMicros();
                count += inJava;
            }
        }
        return count == 0 ? 0 : user / count;
    }

    private void share(ThreadCpu thread, double microsOfSample) {
        List<CpuSample> own = of(thread);
        List<CpuSample> inJava =
                own.stream().filter(sample -> !sample.inNative()).toList();
        List<CpuSample> inNative = own.stream().filter(CpuSample::inNative).toList();
        if (own.isEmpty()) {
            add(StageRules.ofThread(thread.name()), thread.micros());
            return;
        }
        double javaMicros = thread.userMicros();
        if (own.stream().anyMatch(CpuSample::computesInNative)) {
            javaMicros = Math.min(thread.micros(), microsOfSample * inJava.size());
        }
        if (inJava.isEmpty()) {
            javaMicros = 0;
        } else if (inNative.isEmpty()) {
            javaMicros = thread.micros();
        }
        spread(inJava, javaMicros);
        spread(inNative, thread.micros() - javaMicros);
    }

    private void spread(List<CpuSample> among, double all) {
        for (CpuSample sample : among) {
            add(StageRules.of(sample.stack()), all / among.size());
        }
    }

    private void add(MessageStage stage, double more) {
        double unused = micros.merge(stage, more, Double::sum);
    }

    private List<CpuSample> of(ThreadCpu thread) {
        return samples.getOrDefault(thread.id(), List.of());
    }
}
