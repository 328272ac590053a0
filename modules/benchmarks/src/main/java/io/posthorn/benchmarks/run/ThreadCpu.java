package io.posthorn.benchmarks.run;

/**
 * What a thread used of the processors.
 *
 * @param id of the operating system; 0 for all threads together that ended meanwhile
 * @param name as the operating system knows it: at most 15 characters
 * @param userMicros in the program's own code
 * @param systemMicros in the kernel
 * @param waitedMicros how long it could have run and had no processor; 0 where the kernel does not tell
 */
public record ThreadCpu(long id, String name, double userMicros, double systemMicros, double waitedMicros) {
    /** In both. */
    public double micros() {
        return userMicros + systemMicros;
    }

    /** What it used since an earlier reading of it. */
    ThreadCpu since(ThreadCpu before) {
        return new ThreadCpu(
                id,
                name,
                userMicros - before.userMicros,
                systemMicros - before.systemMicros,
                waitedMicros - before.waitedMicros);
    }
}
