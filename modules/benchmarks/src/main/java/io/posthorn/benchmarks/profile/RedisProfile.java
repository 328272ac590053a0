package io.posthorn.benchmarks.profile;

import io.posthorn.benchmarks.run.RedisCommands;
import io.posthorn.benchmarks.run.ThreadCpu;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the time of a Redis server goes to. Exact is the time of its threads. The time of commands is an estimate: the
 * server measures it by the clock, which goes on while the thread is kept waiting for a processor, so it is taken down by
 * the share of such waiting, as the kernel counts it, in all that the thread could have run. The less others are at work,
 * the better; the remainder, which the commands do not explain, can come out below nothing when they are.
 */
public final class RedisProfile {
    /** What remains of its main thread. */
    static final String REST = "sockets, parsing, append-only file";
    /** What the commands that scripts call do not explain. */
    static final String SCRIPTS = "scripts themselves (Lua)";
    /** Of the flush of the file above all. */
    static final String THREADS = "background threads (flush)";

    private static final String COMMAND = "command ";
    private static final List<String> SCRIPT_COMMANDS = List.of("evalsha", "eval", "fcall");

    private RedisProfile() {}

    /**
     * Microseconds by what they went to. A command's time is counted once: those that are called by scripts are taken off
     * the scripts' own; a command that is sent outside of scripts, which is rare here, is taken off as well.
     *
     * @param threads of the server; the first that it began is its main thread
     */
    public static Map<String, Double> of(List<ThreadCpu> threads, RedisCommands used) {
        ThreadCpu first = threads.stream()
                .filter(thread -> thread.id() != 0)
                .min(Comparator.comparingLong(ThreadCpu::id))
                .orElseThrow(() -> new IllegalArgumentException("threads: none (expected: at least the main thread)"));
        double main = first.micros();
        double running = main == 0 ? 0 : main / (main + first.waitedMicros());
        double all = threads.stream().mapToDouble(ThreadCpu::micros).sum();
        double scripts = 0;
        double commands = 0;
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Map.Entry<String, RedisCommands.Use> entry : used.byName().entrySet()) {
            double micros = entry.getValue().micros() * running;
            if (SCRIPT_COMMANDS.contains(entry.getKey())) {
                scripts += micros;
            } else {
                commands += micros;
                shares.put(COMMAND + entry.getKey(), micros);
            }
        }
        shares.put(SCRIPTS, Math.max(0, scripts - commands));
        shares.put(REST, main - Math.max(scripts, commands));
        shares.put(THREADS, all - main);
        return shares;
    }
}
