package io.posthorn.chaos.run;

/** Is told how a run goes on; called on the run's own thread. */
public interface Progress {
    /** A step: what is being done now. */
    void step(Scene scene, String what);
}
