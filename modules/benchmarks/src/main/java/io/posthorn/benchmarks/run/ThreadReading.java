package io.posthorn.benchmarks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What each thread of a process had used of the processors at a moment, from {@code /proc/PID/task}. The sum of user and
 * system time is what the kernel counted; how it parts into the two it may estimate by its own ticks.
 *
 * @param threads by number
 * @param micros of the process, with the threads that have ended
 */
public record ThreadReading(Map<Long, ThreadCpu> threads, double micros) {
    private static final String ENDED = "ended threads";
    private static final double NANOS_PER_MICRO = 1_000;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    public ThreadReading {
        threads = Map.copyOf(threads);
    }

    /** Reads them now. */
    public static ThreadReading of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<Long, ThreadCpu> threads = new HashMap<>();
        try (Stream<Path> all = Files.list(process.resolve("task"))) {
            for (Path task : all.toList()) {
                Optional<String> stat = line(task.resolve("stat"));
                String schedule = line(task.resolve("schedstat")).orElse("");
                stat.map(line -> parse(line, schedule)).ifPresent(thread -> threads.put(thread.id(), thread));
            }
        }
        return new ThreadReading(
                threads,
                parse(Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1), "")
                        .micros());
    }

    /** What was used since an earlier reading; threads that ended in between are one entry. */
    public List<ThreadCpu> since(ThreadReading before) {
        List<ThreadCpu> used = new ArrayList<>();
        double sum = 0;
        for (ThreadCpu now : threads.values()) {
            ThreadCpu more = now.since(before.threads.getOrDefault(now.id(), new ThreadCpu(0, "", 0, 0, 0)));
            used.add(more);
            sum += more.micros();
        }
        double ended = micros - before.micros - sum;
        if (ended > 0) {
            used.add(new ThreadCpu(0, ENDED, ended, 0, 0));
        }
        return used;
    }

    /**
     * Understands what the kernel says of a thread.
     *
     * @param line of {@code stat}; the name in it may hold blanks and parentheses
     * @param schedule of {@code schedstat}: nanoseconds on a processor and waiting for one; empty where there is none
     */
    static ThreadCpu parse(String line, String schedule) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        String[] fields = open < 0 || close < open
                ? new String[0]
                : line.substring(close + 1).strip().split(" ");
        if (fields.length <= SYSTEM) {
            throw new IllegalArgumentException(
                    "stat: \"" + line + "\" (expected: a number, a name in parentheses, and at least 13 fields)");
        }
        return new ThreadCpu(
                Long.parseLong(line.substring(0, open).strip()),
                line.substring(open + 1, close),
                Long.parseLong(fields[USER]) * CpuReading.MICROS_PER_TICK,
                Long.parseLong(fields[SYSTEM]) * CpuReading.MICROS_PER_TICK,
                schedule.isBlank() ? 0 : Long.parseLong(schedule.strip().split(" ")[1]) / NANOS_PER_MICRO);
    }

    /** Empty when the thread has ended since it was listed, or the kernel has no such file. */
    private static Optional<String> line(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // "No such process": it ended between opening and reading.
            if (Files.exists(file)) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
