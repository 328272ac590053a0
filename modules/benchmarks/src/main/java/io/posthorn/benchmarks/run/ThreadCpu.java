package io.posthorn.benchmarks.run;

/**
 * What a thread used of the processors.
 *
 * @param id of the operating system; 0 for all threads together that ended meanwhile
 * @param name as the operating system knows it: at most 15 characters
 * @param userMicros in the program's own code
 * @param systemMicros in the kernel
 */
public record ThreadCpu(long id, String name, double userMicros, double systemMicros) {
    /** Both. */
    public double micros() {
        return userMicros + systemMicros;
    }
}
