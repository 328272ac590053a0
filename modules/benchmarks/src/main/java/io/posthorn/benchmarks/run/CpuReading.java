package io.posthorn.benchmarks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What processes had used of the processors at a moment, from {@code /proc}. The kernel counts in hundredths of a second.
 *
 * @param nanos the moment
 * @param busyTicks of the whole machine: user and system time, without interrupts
 * @param stolenTicks what the hypervisor kept for others
 * @param ownTicks by process number, those that belong to the measurement
 * @param kernelTicks threads of the kernel, which work for whoever asks
 */
record CpuReading(long nanos, long busyTicks, long stolenTicks, Map<Long, Long> ownTicks, long kernelTicks) {
    static final double MICROS_PER_TICK = 10_000;
    private static final String KERNEL_PARENT = "2";

    /** Reads them now. */
    static CpuReading of(List<Long> processes) throws IOException {
        Map<Long, Long> own = new HashMap<>();
        for (long process : processes) {
            own.put(process, ticks(fields(Path.of("/proc", Long.toString(process), "stat"))));
        }
        String[] total = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+");
        long busy = Long.parseLong(total[1]) + Long.parseLong(total[2]) + Long.parseLong(total[3]);
        return new CpuReading(System.nanoTime(), busy, Long.parseLong(total[8]), own, kernel());
    }

    private static long kernel() throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process : all.filter(path ->
                            Character.isDigit(path.getFileName().toString().charAt(0)))
                    .toList()) {
                String[] fields = fields(process.resolve("stat"));
                if (fields.length > 1 && fields[1].equals(KERNEL_PARENT)) {
                    sum += ticks(fields);
                }
            }
        }
        return sum;
    }

    /** The fields behind the name, which may hold blanks; none when the process is gone. */
    private static String[] fields(Path stat) throws IOException {
        try {
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (java.nio.file.NoSuchFileException e) {
            return new String[0];
        } catch (IOException e) {
            // "No such process": it ended between opening and reading.
            if (Files.exists(stat)) {
                throw e;
            }
            return new String[0];
        }
    }

    private static long ticks(String[] fields) {
        return fields.length < 13 ? 0 : Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
