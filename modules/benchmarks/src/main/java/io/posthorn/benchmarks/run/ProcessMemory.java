package io.posthorn.benchmarks.run;

import io.posthorn.testkit.process.Programs;
import io.posthorn.testkit.process.RunFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What processes hold of the memory. */
final class ProcessMemory {
    private static final double KIB_PER_MIB = 1024;

    /** A collector tells of the whole heap or of each generation; what classes take has no total. */
    private static final Pattern HEAP_USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private ProcessMemory() {}

    /** What is resident, as the kernel counts it. */
    static double rssMib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Double.parseDouble(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        throw new RunFailed("/proc does not tell the memory of process " + pid);
    }

    /** What is left of a Java heap after a full collection, which this asks for. */
    static double heapMib(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Programs.require(jcmd, Long.toString(pid), "GC.run");
        Matcher used = HEAP_USED.matcher(Programs.require(jcmd, Long.toString(pid), "GC.heap_info"));
        double kib = 0;
        boolean told = false;
        while (used.find()) {
            told = true;
            kib += Double.parseDouble(used.group(1));
        }
        if (!told) {
            throw new RunFailed("jcmd does not tell the heap of process " + pid);
        }
        return kib / KIB_PER_MIB;
    }
}
