package io.posthorn.benchmarks.profile;

import io.posthorn.benchmarks.run.RedisCommands;
import io.posthorn.benchmarks.run.ThreadCpu;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the time of a Redis server goes to. Exact is the time of its threads; that of the commands is what the server
 * measures by the clock, so that what it is kept waiting for a processor is in it.
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
        double main = threads.stream()
                .filter(thread -> thread.id() != 0)
                .min(Comparator.comparingLong(ThreadCpu::id))
                .map(ThreadCpu::micros)
                .orElse(0.0);
        double all = threads.stream().mapToDouble(ThreadCpu::micros).sum();
        double scripts = 0;
        double commands = 0;
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Map.Entry<String, RedisCommands.Use> entry : used.byName().entrySet()) {
            double micros = entry.getValue().micros();
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
