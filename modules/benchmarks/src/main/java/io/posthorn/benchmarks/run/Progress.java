package io.posthorn.benchmarks.run;

/** Is told how the benchmarks go on. */
public interface Progress {
    /** What is being done now. */
    void step(String what);
}
