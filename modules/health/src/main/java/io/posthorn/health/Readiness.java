package io.posthorn.health;

import java.util.concurrent.atomic.AtomicReference;

/** How far a node is in its life. Set by the program, read by the probes; any thread. */
public final class Readiness {
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);

    private enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /** Every role runs: the node takes work. */
    public void ready() {
        phase.compareAndSet(Phase.STARTING, Phase.READY);
    }

    /** The node takes no new work. */
    public void stopping() {
        phase.set(Phase.STOPPING);
    }

    /** Whether the node takes work. */
    public boolean isReady() {
        return phase.get() == Phase.READY;
    }

    /** Whether the node was ever ready. */
    public boolean isStarted() {
        return phase.get() != Phase.STARTING;
    }
}
