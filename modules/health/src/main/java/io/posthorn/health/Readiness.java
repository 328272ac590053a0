package io.posthorn.health;

import io.posthorn.contract.RoleHealth;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** How far a node is in its life, and how its roles are. Set by the program and by health, read by the probes; any thread. */
public final class Readiness {
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);

    private final AtomicReference<@Nullable Roles> roles = new AtomicReference<>();

    private record Roles(RoleHealth.Status worst, @Nullable String trouble) {}

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

    /** The worst of its roles is so now; trouble says in a line what is wrong, null when nothing is. */
    void roles(RoleHealth.Status worst, @Nullable String trouble) {
        roles.set(new Roles(worst, trouble));
    }

    /** The worst status of its roles when they were asked last; null while nobody has asked. */
    public RoleHealth.@Nullable Status roles() {
        Roles known = roles.get();
        return known == null ? null : known.worst();
    }

    /** What was wrong with them, in a line; null when nothing was, and while nobody has asked. */
    public @Nullable String trouble() {
        Roles known = roles.get();
        return known == null ? null : known.trouble();
    }
}
